// Depthwise convolution over a padded picture x [batch, ph, pw, c]: each channel has its own kernel, w [kh, kw, c].
// `strideY`, `strideX` step over the picture, `stepY`, `stepX` from one weight of the kernel to the next; all in pixels.
// Four channels at a time, and six, three or one neighbouring outputs (or five, three or one neighbouring weights), so that
// what is loaded serves several sums.

/** y = bias + the sum over the window of x * w, or y + that sum. */
export function depthwise(
  x: usize, w: usize, bias: usize, y: usize, batch: i32, ph: i32, pw: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, strideY: i32, strideX: i32, stepY: i32, stepX: i32, accumulate: bool,
): void {
  const ld = <usize>c << 2;
  const line = <usize>(stepY * pw) * ld;
  const step = <usize>stepX * ld;
  const hop = <usize>strideX * ld;
  for (let n: i32 = 0; n < batch; n++) {
    for (let i: i32 = 0; i < oh; i++) {
      const row = x + <usize>((n * ph + i * strideY) * pw) * ld;
      let k: usize = 0;
      for (; k + 16 <= ld; k += 16) {
        const start = bias == 0 ? f32x4.splat(0) : v128.load(bias + k);
        let p = row + k;
        let o = y + k;
        let j = ow;
        for (; j >= 6; j -= 6) {
          six(p, w + k, o, start, kh, kw, line, step, hop, ld, accumulate);
          p += 6 * hop; o += 6 * ld;
        }
        for (; j >= 3; j -= 3) {
          three(p, w + k, o, start, kh, kw, line, step, hop, ld, accumulate);
          p += 3 * hop; o += 3 * ld;
        }
        for (; j > 0; j--) {
          one(p, w + k, o, start, kh, kw, line, step, ld, accumulate);
          p += hop; o += ld;
        }
      }
      for (; k < ld; k += 4) {
        const start: f32 = bias == 0 ? 0 : load<f32>(bias + k);
        for (let j: i32 = 0; j < ow; j++) {
          const o = y + <usize>j * ld + k;
          let s = accumulate ? load<f32>(o) : start;
          let q = w + k;
          for (let a: i32 = 0; a < kh; a++) {
            let p = row + <usize>j * hop + <usize>a * line + k;
            for (let b: i32 = 0; b < kw; b++) {
              s += load<f32>(p) * load<f32>(q);
              p += step; q += ld;
            }
          }
          store<f32>(o, s);
        }
      }
      y += <usize>ow * ld;
    }
  }
}

// @ts-ignore: decorator
@inline
function six(
  x: usize, w: usize, y: usize, start: v128, kh: i32, kw: i32, line: usize, step: usize, hop: usize, ld: usize, accumulate: bool,
): void {
  let s0 = start, s1 = start, s2 = start, s3 = start, s4 = start, s5 = start;
  if (accumulate) {
    s0 = v128.load(y); s1 = v128.load(y + ld); s2 = v128.load(y + 2 * ld);
    s3 = v128.load(y + 3 * ld); s4 = v128.load(y + 4 * ld); s5 = v128.load(y + 5 * ld);
  }
  for (; kh > 0; kh--) {
    let p = x;
    for (let b = kw; b > 0; b--) {
      const v = v128.load(w);
      s0 = f32x4.add(s0, f32x4.mul(v128.load(p), v));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(p + hop), v));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(p + 2 * hop), v));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(p + 3 * hop), v));
      s4 = f32x4.add(s4, f32x4.mul(v128.load(p + 4 * hop), v));
      s5 = f32x4.add(s5, f32x4.mul(v128.load(p + 5 * hop), v));
      p += step; w += ld;
    }
    x += line;
  }
  v128.store(y, s0); v128.store(y + ld, s1); v128.store(y + 2 * ld, s2);
  v128.store(y + 3 * ld, s3); v128.store(y + 4 * ld, s4); v128.store(y + 5 * ld, s5);
}

// @ts-ignore: decorator
@inline
function three(
  x: usize, w: usize, y: usize, start: v128, kh: i32, kw: i32, line: usize, step: usize, hop: usize, ld: usize, accumulate: bool,
): void {
  let s0 = start, s1 = start, s2 = start;
  if (accumulate) {
    s0 = v128.load(y); s1 = v128.load(y + ld); s2 = v128.load(y + 2 * ld);
  }
  for (; kh > 0; kh--) {
    let p = x;
    for (let b = kw; b > 0; b--) {
      const v = v128.load(w);
      s0 = f32x4.add(s0, f32x4.mul(v128.load(p), v));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(p + hop), v));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(p + 2 * hop), v));
      p += step; w += ld;
    }
    x += line;
  }
  v128.store(y, s0); v128.store(y + ld, s1); v128.store(y + 2 * ld, s2);
}

// @ts-ignore: decorator
@inline
function one(x: usize, w: usize, y: usize, start: v128, kh: i32, kw: i32, line: usize, step: usize, ld: usize, accumulate: bool): void {
  let s = accumulate ? v128.load(y) : start;
  for (; kh > 0; kh--) {
    let p = x;
    for (let b = kw; b > 0; b--) {
      s = f32x4.add(s, f32x4.mul(v128.load(p), v128.load(w)));
      p += step; w += ld;
    }
    x += line;
  }
  v128.store(y, s);
}

/** Adds the gradient of the padded picture to dx: the way back for windows that step over pixels. */
export function depthwiseBackward(
  g: usize, w: usize, dx: usize, batch: i32, ph: i32, pw: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, strideY: i32, strideX: i32, stepY: i32, stepX: i32,
): void {
  const ld = <usize>c << 2;
  const line = <usize>pw * ld;
  for (let n: i32 = 0; n < batch; n++) {
    for (let i: i32 = 0; i < oh; i++) {
      for (let j: i32 = 0; j < ow; j++) {
        const at = dx + <usize>(i * strideY) * line + <usize>(j * strideX) * ld;
        let k: usize = 0;
        for (; k + 16 <= ld; k += 16) {
          const v = v128.load(g + k);
          let q = w + k;
          for (let a: i32 = 0; a < kh; a++) {
            let p = at + <usize>(a * stepY) * line + k;
            for (let b: i32 = 0; b < kw; b++) {
              v128.store(p, f32x4.add(v128.load(p), f32x4.mul(v, v128.load(q))));
              p += <usize>stepX * ld; q += ld;
            }
          }
        }
        for (; k < ld; k += 4) {
          const v = load<f32>(g + k);
          let q = w + k;
          for (let a: i32 = 0; a < kh; a++) {
            let p = at + <usize>(a * stepY) * line + k;
            for (let b: i32 = 0; b < kw; b++) {
              store<f32>(p, load<f32>(p) + v * load<f32>(q));
              p += <usize>stepX * ld; q += ld;
            }
          }
        }
        g += ld;
      }
    }
    dx += <usize>ph * line;
  }
}

/** The gradient of w. */
export function depthwiseWeights(
  x: usize, g: usize, dw: usize, batch: i32, ph: i32, pw: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, strideY: i32, strideX: i32, stepY: i32, stepX: i32,
): void {
  const ld = <usize>c << 2;
  const line = <usize>(pw * strideY) * ld;
  const picture = <usize>(ph * pw) * ld;
  const hop = <usize>strideX * ld;
  const step = <usize>stepX * ld;
  for (let a: i32 = 0; a < kh; a++) {
    let tap = x + <usize>(a * stepY * pw) * ld;
    let b = kw;
    for (; b >= 5; b -= 5) {
      for (let k: usize = 0; k + 16 <= ld; k += 16) fiveWeights(tap + k, g + k, dw + k, batch, oh, ow, picture, line, hop, step, ld);
      tap += 5 * step; dw += 5 * ld;
    }
    for (; b >= 3; b -= 3) {
      for (let k: usize = 0; k + 16 <= ld; k += 16) threeWeights(tap + k, g + k, dw + k, batch, oh, ow, picture, line, hop, step, ld);
      tap += 3 * step; dw += 3 * ld;
    }
    for (; b > 0; b--) {
      for (let k: usize = 0; k + 16 <= ld; k += 16) oneWeight(tap + k, g + k, dw + k, batch, oh, ow, picture, line, hop, ld);
      tap += step; dw += ld;
    }
    // The channels past a multiple of four, one by one.
    for (let k = ld & ~15; k < ld; k += 4) {
      for (let rest = 1; rest <= kw; rest++) {
        const from = tap - <usize>rest * step + k;
        let s: f32 = 0;
        let q = g + k;
        for (let n: i32 = 0; n < batch; n++) {
          for (let i: i32 = 0; i < oh; i++) {
            let p = from + <usize>n * picture + <usize>i * line;
            for (let j: i32 = 0; j < ow; j++) {
              s += load<f32>(p) * load<f32>(q);
              p += hop; q += ld;
            }
          }
        }
        store<f32>(dw - <usize>rest * ld + k, s);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function fiveWeights(
  x: usize, g: usize, dw: usize, batch: i32, oh: i32, ow: i32, picture: usize, line: usize, hop: usize, step: usize, ld: usize,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0;
  for (let n: i32 = 0; n < batch; n++) {
    let row = x;
    for (let i: i32 = 0; i < oh; i++) {
      let p = row;
      for (let j = ow; j > 0; j--) {
        const v = v128.load(g);
        s0 = f32x4.add(s0, f32x4.mul(v128.load(p), v));
        s1 = f32x4.add(s1, f32x4.mul(v128.load(p + step), v));
        s2 = f32x4.add(s2, f32x4.mul(v128.load(p + 2 * step), v));
        s3 = f32x4.add(s3, f32x4.mul(v128.load(p + 3 * step), v));
        s4 = f32x4.add(s4, f32x4.mul(v128.load(p + 4 * step), v));
        p += hop; g += ld;
      }
      row += line;
    }
    x += picture;
  }
  v128.store(dw, s0); v128.store(dw + ld, s1); v128.store(dw + 2 * ld, s2);
  v128.store(dw + 3 * ld, s3); v128.store(dw + 4 * ld, s4);
}

// @ts-ignore: decorator
@inline
function threeWeights(
  x: usize, g: usize, dw: usize, batch: i32, oh: i32, ow: i32, picture: usize, line: usize, hop: usize, step: usize, ld: usize,
): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0;
  for (let n: i32 = 0; n < batch; n++) {
    let row = x;
    for (let i: i32 = 0; i < oh; i++) {
      let p = row;
      for (let j = ow; j > 0; j--) {
        const v = v128.load(g);
        s0 = f32x4.add(s0, f32x4.mul(v128.load(p), v));
        s1 = f32x4.add(s1, f32x4.mul(v128.load(p + step), v));
        s2 = f32x4.add(s2, f32x4.mul(v128.load(p + 2 * step), v));
        p += hop; g += ld;
      }
      row += line;
    }
    x += picture;
  }
  v128.store(dw, s0); v128.store(dw + ld, s1); v128.store(dw + 2 * ld, s2);
}

// @ts-ignore: decorator
@inline
function oneWeight(
  x: usize, g: usize, dw: usize, batch: i32, oh: i32, ow: i32, picture: usize, line: usize, hop: usize, ld: usize,
): void {
  let s = f32x4.splat(0);
  for (let n: i32 = 0; n < batch; n++) {
    let row = x;
    for (let i: i32 = 0; i < oh; i++) {
      let p = row;
      for (let j = ow; j > 0; j--) {
        s = f32x4.add(s, f32x4.mul(v128.load(p), v128.load(g)));
        p += hop; g += ld;
      }
      row += line;
    }
    x += picture;
  }
  v128.store(dw, s);
}

/** Kernels [taps, c] from the last tap to the first. */
export function turnTaps(w: usize, out: usize, taps: i32, c: i32): void {
  const ld = <usize>c << 2;
  for (let tap: i32 = 0; tap < taps; tap++) memory.copy(out + <usize>(taps - 1 - tap) * ld, w + <usize>tap * ld, ld);
}
