/** The same numbers in memory that threads share instead of copying. */
export function shareArray<View extends ArrayBufferView>(view: View): View {
  const memory = new SharedArrayBuffer(view.byteLength);
  new Uint8Array(memory).set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  const Kind = view.constructor as new (memory: SharedArrayBuffer) => View;
  return new Kind(memory);
}
