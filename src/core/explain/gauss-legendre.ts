/** Points inside (0, 1), ascending, with weights that sum to 1. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

const known = new Map<number, Quadrature>();

/** Integrates every polynomial of degree 2 × `count` − 1 over (0, 1) exactly. Worked out once a count, by Newton's method. */
export function gaussLegendre(count: number): Quadrature {
  const before = known.get(count);
  if (before !== undefined) return before;
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < 8; step++) {
      // The three-term recurrence: `now` is the Legendre polynomial of degree `count` at x, `last` that of one less.
      let last = 1;
      let now = x;
      for (let k = 2; k <= count; k++) {
        const next = ((2 * k - 1) * x * now - (k - 1) * last) / k;
        last = now;
        now = next;
      }
      slope = (count * (x * now - last)) / (x * x - 1);
      x -= now / slope;
    }
    points[i] = (1 + x) / 2;
    weights[i] = 1 / ((1 - x * x) * slope * slope);
  }
  const quadrature = { points, weights };
  known.set(count, quadrature);
  return quadrature;
}
