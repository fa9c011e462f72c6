// Element by element, `count` numbers each, four at a time.
import { exp } from './exact.as';

export function fill(y: usize, count: i32, value: f32): void {
  const v = f32x4.splat(value);
  for (; count >= 4; count -= 4) {
    v128.store(y, v);
    y += 16;
  }
  for (; count > 0; count--) {
    store<f32>(y, value);
    y += 4;
  }
}

/** y = x, or y += x. */
export function copy(x: usize, y: usize, count: i32, accumulate: bool): void {
  if (!accumulate) {
    memory.copy(y, x, <usize>count << 2);
    return;
  }
  for (; count >= 4; count -= 4) {
    v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
    x += 16; y += 16;
  }
  for (; count > 0; count--) {
    store<f32>(y, load<f32>(y) + load<f32>(x));
    x += 4; y += 4;
  }
}

export function add(a: usize, b: usize, y: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(y, f32x4.add(v128.load(a), v128.load(b)));
    a += 16; b += 16; y += 16;
  }
  for (; count > 0; count--) {
    store<f32>(y, load<f32>(a) + load<f32>(b));
    a += 4; b += 4; y += 4;
  }
}

/** y = a * b, or y += a * b. */
export function multiply(a: usize, b: usize, y: usize, count: i32, accumulate: bool): void {
  for (; count >= 4; count -= 4) {
    let v = f32x4.mul(v128.load(a), v128.load(b));
    if (accumulate) v = f32x4.add(v, v128.load(y));
    v128.store(y, v);
    a += 16; b += 16; y += 16;
  }
  for (; count > 0; count--) {
    let v = load<f32>(a) * load<f32>(b);
    if (accumulate) v += load<f32>(y);
    store<f32>(y, v);
    a += 4; b += 4; y += 4;
  }
}

/** max(0, x); NaN stays NaN. */
export function relu(x: usize, y: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    const v = v128.load(x);
    v128.store(y, v128.andnot(v, f32x4.lt(v, zero)));
    x += 16; y += 16;
  }
  for (; count > 0; count--) {
    const v = load<f32>(x);
    store<f32>(y, v < 0 ? 0 : v);
    x += 4; y += 4;
  }
}

/** dx = dy where x > 0, else 0; or added to dx. */
export function reluBackward(x: usize, dy: usize, dx: usize, count: i32, accumulate: bool): void {
  const zero = f32x4.splat(0);
  for (; count >= 4; count -= 4) {
    let v = v128.and(v128.load(dy), f32x4.gt(v128.load(x), zero));
    if (accumulate) v = f32x4.add(v, v128.load(dx));
    v128.store(dx, v);
    x += 16; dy += 16; dx += 16;
  }
  for (; count > 0; count--) {
    let v: f32 = load<f32>(x) > 0 ? load<f32>(dy) : 0;
    if (accumulate) v += load<f32>(dx);
    store<f32>(dx, v);
    x += 4; dy += 4; dx += 4;
  }
}

/** The smooth ones, and relu6, by number: 1 relu6, 2 sigmoid, 3 tanh, 4 swish. */
export function activate(kind: i32, x: usize, y: usize, count: i32): void {
  for (; count > 0; count--) {
    const v = load<f32>(x);
    if (kind == 1) store<f32>(y, v < 0 ? 0 : v > 6 ? 6 : v);
    else {
      const d = <f64>v;
      const s = 1 / (1 + exp(kind == 3 ? -2 * d : -d));
      store<f32>(y, <f32>(kind == 2 ? s : kind == 3 ? 2 * s - 1 : d * s));
    }
    x += 4; y += 4;
  }
}

export function activateBackward(kind: i32, x: usize, dy: usize, dx: usize, count: i32, accumulate: bool): void {
  for (; count > 0; count--) {
    const v = load<f32>(x);
    let slope: f32;
    if (kind == 1) slope = v > 0 && v < 6 ? 1 : 0;
    else {
      const d = <f64>v;
      const s = 1 / (1 + exp(kind == 3 ? -2 * d : -d));
      slope = <f32>(kind == 2 ? s * (1 - s) : kind == 3 ? 4 * s * (1 - s) : s * (1 + d * (1 - s)));
    }
    let g = load<f32>(dy) * slope;
    if (accumulate) g += load<f32>(dx);
    store<f32>(dx, g);
    x += 4; dy += 4; dx += 4;
  }
}
