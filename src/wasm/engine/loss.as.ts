// Losses: each gives the sum over the batch, in float64, and writes the gradient times `factor`.
import { exp, log } from './exact.as';

/** Softmax cross entropy of each row of x against the class in `labels` (int32). */
export function crossEntropy(x: usize, labels: usize, dx: usize, rows: i32, classes: i32, factor: f64): f64 {
  let loss: f64 = 0;
  for (let r: i32 = 0; r < rows; r++) {
    const at = x + (<usize>(r * classes) << 2);
    const out = dx + (<usize>(r * classes) << 2);
    const label = load<i32>(labels + (<usize>r << 2));
    let greatest = <f64>load<f32>(at);
    for (let k: i32 = 1; k < classes; k++) greatest = max(greatest, <f64>load<f32>(at + (<usize>k << 2)));
    let sum: f64 = 0;
    for (let k: i32 = 0; k < classes; k++) sum += exp(<f64>load<f32>(at + (<usize>k << 2)) - greatest);
    const norm = log(sum) + greatest;
    loss += norm - <f64>load<f32>(at + (<usize>label << 2));
    for (let k: i32 = 0; k < classes; k++) {
      const p = exp(<f64>load<f32>(at + (<usize>k << 2)) - norm);
      store<f32>(out + (<usize>k << 2), <f32>((k == label ? p - 1 : p) * factor));
    }
  }
  return loss;
}

/** (x - y)². */
export function squaredError(x: usize, y: usize, dx: usize, count: i32, factor: f64): f64 {
  let loss: f64 = 0;
  for (; count > 0; count--) {
    const d = <f64>load<f32>(x) - <f64>load<f32>(y);
    loss += d * d;
    store<f32>(dx, <f32>(2 * d * factor));
    x += 4; y += 4; dx += 4;
  }
  return loss;
}

/** Cross entropy of sigmoid(x) against y in 0..1. */
export function sigmoidCrossEntropy(x: usize, y: usize, dx: usize, count: i32, factor: f64): f64 {
  let loss: f64 = 0;
  for (; count > 0; count--) {
    const v = <f64>load<f32>(x);
    const t = <f64>load<f32>(y);
    // log(1 + e^v) - t v, for either sign of v without overflow.
    const e = exp(v > 0 ? -v : v);
    loss += (v > 0 ? v : 0) + log(1 + e) - t * v;
    const s = v > 0 ? 1 / (1 + e) : e / (1 + e);
    store<f32>(dx, <f32>((s - t) * factor));
    x += 4; y += 4; dx += 4;
  }
  return loss;
}

/**
 * One step of stochastic gradient descent with Nesterov's momentum and weight decay, as PyTorch has it:
 * g += decay * w; v = momentum * v + g; w -= rate * (g + momentum * v).
 */
export function descend(w: usize, g: usize, v: usize, count: i32, rate: f32, momentum: f32, decay: f32): void {
  const r = f32x4.splat(rate), m = f32x4.splat(momentum), d = f32x4.splat(decay);
  for (; count >= 4; count -= 4) {
    const value = v128.load(w);
    const slope = f32x4.add(v128.load(g), f32x4.mul(d, value));
    const speed = f32x4.add(f32x4.mul(m, v128.load(v)), slope);
    v128.store(v, speed);
    v128.store(w, f32x4.sub(value, f32x4.mul(r, f32x4.add(slope, f32x4.mul(m, speed)))));
    w += 16; g += 16; v += 16;
  }
  for (; count > 0; count--) {
    const value = load<f32>(w);
    const slope = load<f32>(g) + decay * value;
    const speed = momentum * load<f32>(v) + slope;
    store<f32>(v, speed);
    store<f32>(w, value - rate * (slope + momentum * speed));
    w += 4; g += 4; v += 4;
  }
}
