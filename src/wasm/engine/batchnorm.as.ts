// Batch norm over the rows (batch, height, width) of a matrix of `channels` columns.

/**
 * y = scale * (x - mean) / sqrt(variance + epsilon) + shift with the mean and variance of the rows. `mean` and `inverse`
 * (1 / the root) are kept for the way back; the running ones move towards the rows' by `momentum`, with the variance over
 * n - 1, as PyTorch has it.
 */
export function batchnormTrain(
  x: usize, y: usize, rows: i32, channels: i32, scale: usize, shift: usize, mean: usize, inverse: usize,
  runningMean: usize, runningVariance: usize, momentum: f32, epsilon: f32,
): void {
  const ld = <usize>channels << 2;
  const n = <f32>rows;
  const unbias = rows > 1 ? n / <f32>(rows - 1) : <f32>1;
  let c: i32 = 0;
  for (; c + 4 <= channels; c += 4) {
    const at = <usize>c << 2;
    const m = f32x4.div(sum4(x + at, rows, ld), f32x4.splat(n));
    const variance = f32x4.div(squares4(x + at, m, rows, ld), f32x4.splat(n));
    const inv = f32x4.div(f32x4.splat(1), f32x4.sqrt(f32x4.add(variance, f32x4.splat(epsilon))));
    v128.store(mean + at, m);
    v128.store(inverse + at, inv);
    follow(runningMean + at, m, momentum);
    follow(runningVariance + at, f32x4.mul(variance, f32x4.splat(unbias)), momentum);
    const factor = f32x4.mul(inv, v128.load(scale + at));
    affine4(x + at, y + at, rows, ld, factor, f32x4.sub(v128.load(shift + at), f32x4.mul(m, factor)));
  }
  for (; c < channels; c++) {
    const at = <usize>c << 2;
    let sum: f32 = 0;
    for (let r: i32 = 0; r < rows; r++) sum += load<f32>(x + at + <usize>r * ld);
    const m = sum / n;
    sum = 0;
    for (let r: i32 = 0; r < rows; r++) {
      const d = load<f32>(x + at + <usize>r * ld) - m;
      sum += d * d;
    }
    const variance = sum / n;
    const inv = <f32>1 / sqrt<f32>(variance + epsilon);
    store<f32>(mean + at, m);
    store<f32>(inverse + at, inv);
    store<f32>(runningMean + at, load<f32>(runningMean + at) * (1 - momentum) + m * momentum);
    store<f32>(runningVariance + at, load<f32>(runningVariance + at) * (1 - momentum) + variance * unbias * momentum);
    const factor = inv * load<f32>(scale + at);
    affine1(x + at, y + at, rows, ld, factor, load<f32>(shift + at) - m * factor);
  }
}

/** The same with the running mean and variance. */
export function batchnormEvaluate(
  x: usize, y: usize, rows: i32, channels: i32, scale: usize, shift: usize,
  runningMean: usize, runningVariance: usize, epsilon: f32,
): void {
  const ld = <usize>channels << 2;
  let c: i32 = 0;
  for (; c + 4 <= channels; c += 4) {
    const at = <usize>c << 2;
    const root = f32x4.sqrt(f32x4.add(v128.load(runningVariance + at), f32x4.splat(epsilon)));
    const factor = f32x4.div(v128.load(scale + at), root);
    affine4(x + at, y + at, rows, ld, factor, f32x4.sub(v128.load(shift + at), f32x4.mul(v128.load(runningMean + at), factor)));
  }
  for (; c < channels; c++) {
    const at = <usize>c << 2;
    const factor = load<f32>(scale + at) / sqrt<f32>(load<f32>(runningVariance + at) + epsilon);
    affine1(x + at, y + at, rows, ld, factor, load<f32>(shift + at) - load<f32>(runningMean + at) * factor);
  }
}

/** Gradients of x (or added to dx), of scale and of shift, after `batchnormTrain`. */
export function batchnormBackward(
  x: usize, dy: usize, dx: usize, rows: i32, channels: i32, scale: usize, mean: usize, inverse: usize,
  dscale: usize, dshift: usize, accumulate: bool,
): void {
  const ld = <usize>channels << 2;
  const n = <f32>rows;
  let c: i32 = 0;
  for (; c + 4 <= channels; c += 4) {
    const at = <usize>c << 2;
    const m = v128.load(mean + at);
    const inv = v128.load(inverse + at);
    let s0 = f32x4.splat(0), s1 = s0, t0 = s0, t1 = s0;
    let p = x + at, g = dy + at;
    let r = rows;
    for (; r >= 2; r -= 2) {
      const g0 = v128.load(g), g1 = v128.load(g + ld);
      s0 = f32x4.add(s0, g0);
      s1 = f32x4.add(s1, g1);
      t0 = f32x4.add(t0, f32x4.mul(g0, f32x4.sub(v128.load(p), m)));
      t1 = f32x4.add(t1, f32x4.mul(g1, f32x4.sub(v128.load(p + ld), m)));
      p += 2 * ld; g += 2 * ld;
    }
    if (r > 0) {
      const g0 = v128.load(g);
      s0 = f32x4.add(s0, g0);
      t0 = f32x4.add(t0, f32x4.mul(g0, f32x4.sub(v128.load(p), m)));
    }
    const ds = f32x4.add(s0, s1);
    const dt = f32x4.mul(f32x4.add(t0, t1), inv);
    v128.store(dshift + at, ds);
    v128.store(dscale + at, dt);
    // dx = factor * (dy - (ds + xhat * dt) / n) = factor * dy + slope * x + offset
    const factor = f32x4.mul(inv, v128.load(scale + at));
    const slope = f32x4.neg(f32x4.div(f32x4.mul(factor, f32x4.mul(dt, inv)), f32x4.splat(n)));
    const offset = f32x4.neg(f32x4.add(f32x4.div(f32x4.mul(factor, ds), f32x4.splat(n)), f32x4.mul(slope, m)));
    p = x + at; g = dy + at;
    let o = dx + at;
    if (accumulate) {
      for (r = rows; r > 0; r--) {
        const v = f32x4.add(f32x4.add(f32x4.mul(factor, v128.load(g)), f32x4.mul(slope, v128.load(p))), offset);
        v128.store(o, f32x4.add(v128.load(o), v));
        p += ld; g += ld; o += ld;
      }
    } else {
      for (r = rows; r > 0; r--) {
        v128.store(o, f32x4.add(f32x4.add(f32x4.mul(factor, v128.load(g)), f32x4.mul(slope, v128.load(p))), offset));
        p += ld; g += ld; o += ld;
      }
    }
  }
  for (; c < channels; c++) {
    const at = <usize>c << 2;
    const m = load<f32>(mean + at);
    const inv = load<f32>(inverse + at);
    let ds: f32 = 0, dt: f32 = 0;
    for (let r: i32 = 0; r < rows; r++) {
      const g = load<f32>(dy + at + <usize>r * ld);
      ds += g;
      dt += g * (load<f32>(x + at + <usize>r * ld) - m);
    }
    dt *= inv;
    store<f32>(dshift + at, ds);
    store<f32>(dscale + at, dt);
    const factor = inv * load<f32>(scale + at);
    const slope = -(factor * (dt * inv) / n);
    const offset = -(factor * ds / n + slope * m);
    for (let r: i32 = 0; r < rows; r++) {
      const o = dx + at + <usize>r * ld;
      const v = factor * load<f32>(dy + at + <usize>r * ld) + slope * load<f32>(x + at + <usize>r * ld) + offset;
      store<f32>(o, accumulate ? load<f32>(o) + v : v);
    }
  }
}

/** The sum of 4 columns: rows 0, 4, 8, …, then 1, 5, … are summed apart. */
// @ts-ignore: decorator
@inline
function sum4(p: usize, rows: i32, ld: usize): v128 {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  let r = rows;
  for (; r >= 4; r -= 4) {
    a = f32x4.add(a, v128.load(p));
    b = f32x4.add(b, v128.load(p + ld));
    c = f32x4.add(c, v128.load(p + 2 * ld));
    d = f32x4.add(d, v128.load(p + 3 * ld));
    p += 4 * ld;
  }
  for (; r > 0; r--) {
    a = f32x4.add(a, v128.load(p));
    p += ld;
  }
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}

// @ts-ignore: decorator
@inline
function squares4(p: usize, mean: v128, rows: i32, ld: usize): v128 {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  let r = rows;
  for (; r >= 4; r -= 4) {
    let e = f32x4.sub(v128.load(p), mean);
    a = f32x4.add(a, f32x4.mul(e, e));
    e = f32x4.sub(v128.load(p + ld), mean);
    b = f32x4.add(b, f32x4.mul(e, e));
    e = f32x4.sub(v128.load(p + 2 * ld), mean);
    c = f32x4.add(c, f32x4.mul(e, e));
    e = f32x4.sub(v128.load(p + 3 * ld), mean);
    d = f32x4.add(d, f32x4.mul(e, e));
    p += 4 * ld;
  }
  for (; r > 0; r--) {
    const e = f32x4.sub(v128.load(p), mean);
    a = f32x4.add(a, f32x4.mul(e, e));
    p += ld;
  }
  return f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
}

// @ts-ignore: decorator
@inline
function affine4(p: usize, o: usize, rows: i32, ld: usize, factor: v128, offset: v128): void {
  for (let r = rows; r > 0; r--) {
    v128.store(o, f32x4.add(f32x4.mul(v128.load(p), factor), offset));
    p += ld; o += ld;
  }
}

function affine1(p: usize, o: usize, rows: i32, ld: usize, factor: f32, offset: f32): void {
  for (let r = rows; r > 0; r--) {
    store<f32>(o, load<f32>(p) * factor + offset);
    p += ld; o += ld;
  }
}

// @ts-ignore: decorator
@inline
function follow(at: usize, value: v128, momentum: f32): void {
  v128.store(at, f32x4.add(f32x4.mul(v128.load(at), f32x4.splat(1 - momentum)), f32x4.mul(value, f32x4.splat(momentum))));
}
