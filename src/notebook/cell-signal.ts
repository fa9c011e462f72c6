/**
 * The signal of the notebook cell whose code is running, so that long work notices an interrupt although nobody passed it a
 * signal. It hangs on the global object under a registered symbol, because the kernel and the notebook may each have their
 * own copy of this package.
 */
const KEY: unique symbol = Symbol.for('nascope.cell-signal') as never;

type Holder = { [KEY]?: () => AbortSignal | undefined };

/** The running cell's signal; undefined outside a notebook kernel of this package. */
export function cellSignal(): AbortSignal | undefined {
  return (globalThis as Holder)[KEY]?.();
}

/** The kernel's side: says where the running cell's signal is found. */
export function setCellSignal(find: () => AbortSignal | undefined): void {
  (globalThis as Holder)[KEY] = find;
}
