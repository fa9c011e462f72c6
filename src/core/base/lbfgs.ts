/** Where a minimisation ended. */
export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly steps: number;
}

export interface LbfgsOptions {
  /** The most steps. */
  readonly steps?: number;
  /** Ends when no part of the gradient is greater. */
  readonly tolerance?: number;
  /** After each step. */
  readonly onStep?: (step: number) => Promise<void>;
}

/** Pairs remembered. */
const MEMORY = 8;
/** A step must fall by this share of what the slope promises. */
const ARMIJO = 1e-4;

/**
 * A local minimum of a smooth function, by limited-memory BFGS with backtracking. Values that are not finite count as
 * too great, so that a step out of the function's domain is shortened. Never ends higher than it starts.
 * @param of gives the value at `x` and writes the gradient.
 * @see Nocedal and Wright, Numerical Optimization, 2nd ed., algorithms 7.4 and 7.5.
 */
export async function lbfgs(
  of: (x: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  options: LbfgsOptions = {},
): Promise<Minimum> {
  const { steps = 100, tolerance = 1e-6, onStep } = options;
  const n = start.length;
  let x = start.slice();
  let gradient = new Float64Array(n);
  let value = of(x, gradient);
  const moves: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let step = 0;
  while (step < steps && gradient.some((g) => Math.abs(g) > tolerance)) {
    let direction = towards(gradient, moves);
    let slope = inner(direction, gradient);
    if (!(slope < 0)) {
      moves.length = 0;
      direction = gradient.map((g) => -g);
      slope = -inner(gradient, gradient);
    }
    let length = moves.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    let nextX = x;
    let nextGradient = gradient;
    let nextValue = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 40; tries++, length /= 2) {
      nextX = x.map((v, i) => v + length * direction[i]);
      nextGradient = new Float64Array(n);
      nextValue = of(nextX, nextGradient);
      if (nextValue <= value + ARMIJO * length * slope) break;
      nextValue = Number.POSITIVE_INFINITY;
    }
    if (nextValue === Number.POSITIVE_INFINITY) break;
    const s = nextX.map((v, i) => v - x[i]);
    const y = nextGradient.map((g, i) => g - gradient[i]);
    const curvature = inner(s, y);
    // Pairs without positive curvature would spoil the model of the function.
    if (curvature > 1e-12 * inner(y, y)) moves.push({ s, y, rho: 1 / curvature });
    if (moves.length > MEMORY) moves.shift();
    const fell = value - nextValue;
    x = nextX;
    gradient = nextGradient;
    value = nextValue;
    step++;
    await onStep?.(step);
    if (fell <= Number.EPSILON * 10 * Math.abs(value)) break;
  }
  return { at: x, value, steps: step };
}

/** Minus the gradient, turned and stretched by what the last steps tell of the curvature. */
function towards(gradient: Float64Array, moves: readonly { s: Float64Array; y: Float64Array; rho: number }[]): Float64Array {
  const q = gradient.map((g) => -g);
  const shares: number[] = [];
  for (let k = moves.length - 1; k >= 0; k--) {
    const { s, y, rho } = moves[k];
    shares[k] = rho * inner(s, q);
    for (let i = 0; i < q.length; i++) q[i] -= shares[k] * y[i];
  }
  const last = moves.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * inner(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] *= scale;
  }
  moves.forEach(({ s, y, rho }, k) => {
    const back = shares[k] - rho * inner(y, q);
    for (let i = 0; i < q.length; i++) q[i] += back * s[i];
  });
  return q;
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, v, i) => sum + v * b[i], 0);
}
