/**
 * Moves the rows of a stretch that go left before those that go right, both in the order they had. No branch: the sides
 * are as good as random.
 * @param spare room for the stretch.
 * @returns where the right ones start.
 */
export function partition(list: Int32Array, start: number, end: number, goesLeft: Uint8Array, spare: Int32Array): number {
  let middle = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const r = list[i];
    const isLeft = goesLeft[r];
    list[middle] = r;
    spare[right] = r;
    middle += isLeft;
    right += 1 - isLeft;
  }
  for (let i = 0; i < right; i++) list[middle + i] = spare[i];
  return middle;
}
