// Sums and means over rows and over pictures.

/** y[batch, c] = the mean over the pixels of x[batch, pixels, c]. */
export function meanPixels(x: usize, y: usize, batch: i32, pixels: i32, c: i32): void {
  const ld = <usize>c << 2;
  const factor = <f32>1 / <f32>pixels;
  for (; batch > 0; batch--) {
    sumRows(x, y, pixels, c);
    for (let k: usize = 0; k < ld; k += 4) store<f32>(y + k, load<f32>(y + k) * factor);
    x += ld * pixels;
    y += ld;
  }
}

export function meanPixelsBackward(dy: usize, dx: usize, batch: i32, pixels: i32, c: i32, accumulate: bool): void {
  const ld = <usize>c << 2;
  const factor = <f32>1 / <f32>pixels;
  for (; batch > 0; batch--) {
    for (let p: i32 = 0; p < pixels; p++) {
      let k: usize = 0;
      for (; k + 16 <= ld; k += 16) {
        let v = f32x4.mul(v128.load(dy + k), f32x4.splat(factor));
        if (accumulate) v = f32x4.add(v, v128.load(dx + k));
        v128.store(dx + k, v);
      }
      for (; k < ld; k += 4) {
        const v = load<f32>(dy + k) * factor;
        store<f32>(dx + k, accumulate ? load<f32>(dx + k) + v : v);
      }
      dx += ld;
    }
    dy += ld;
  }
}

/** y[c] = the sum of the rows of x. */
export function sumRows(x: usize, y: usize, rows: i32, cols: i32): void {
  const ld = <usize>cols << 2;
  let k: usize = 0;
  for (; k + 16 <= ld; k += 16) {
    let s = f32x4.splat(0);
    let p = x + k;
    for (let r = rows; r > 0; r--) {
      s = f32x4.add(s, v128.load(p));
      p += ld;
    }
    v128.store(y + k, s);
  }
  for (; k < ld; k += 4) {
    let s: f32 = 0;
    let p = x + k;
    for (let r = rows; r > 0; r--) {
      s += load<f32>(p);
      p += ld;
    }
    store<f32>(y + k, s);
  }
}

/** y[batch, pixels, c] = x[batch, pixels, c] * factor[batch, c]. */
export function scalePixels(x: usize, factor: usize, y: usize, batch: i32, pixels: i32, c: i32, accumulate: bool): void {
  const ld = <usize>c << 2;
  for (; batch > 0; batch--) {
    for (let p: i32 = 0; p < pixels; p++) {
      for (let k: usize = 0; k < ld; k += 4) {
        const v = load<f32>(x + k) * load<f32>(factor + k);
        store<f32>(y + k, accumulate ? load<f32>(y + k) + v : v);
      }
      x += ld; y += ld;
    }
    factor += ld;
  }
}

/** dfactor[batch, c] = the sum over the pixels of x * dy; or added to it. */
export function scalePixelsBackward(x: usize, dy: usize, dfactor: usize, batch: i32, pixels: i32, c: i32, accumulate: bool): void {
  const ld = <usize>c << 2;
  for (; batch > 0; batch--) {
    for (let k: usize = 0; k < ld; k += 4) {
      let s: f32 = 0;
      for (let p: i32 = 0; p < pixels; p++) s += load<f32>(x + <usize>p * ld + k) * load<f32>(dy + <usize>p * ld + k);
      store<f32>(dfactor + k, accumulate ? load<f32>(dfactor + k) + s : s);
    }
    x += ld * pixels; dy += ld * pixels; dfactor += ld;
  }
}
