/**
 * The value below which a share of the numbers lies, between neighbours in proportion: `numpy.quantile`'s default, by its
 * formula and its side of rounding.
 * @param sorted one or more numbers, ascending.
 * @param share in [0, 1].
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  if (high === low) return low;
  const t = at - below;
  return t >= 0.5 ? high - (high - low) * (1 - t) : low + (high - low) * t;
}
