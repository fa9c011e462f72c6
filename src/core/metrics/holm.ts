/**
 * Holm's correction of several p values: the smallest times their number, the next times one less, and so on, never
 * falling, at most 1. With it, the chance of any false verdict among all of them stays below the level.
 * @returns corrected p values in the order given.
 * @see Holm 1979.
 */
export function holm(p: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: p.length }, (_, i) => i).sort((i, j) => p[i] - p[j] || i - j);
  const corrected = new Float64Array(p.length);
  let before = 0;
  order.forEach((i, place) => {
    before = Math.max(before, Math.min(1, (p.length - place) * p[i]));
    corrected[i] = before;
  });
  return corrected;
}
