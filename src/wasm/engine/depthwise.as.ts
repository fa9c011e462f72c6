// Depthwise convolution over a padded picture x [batch, ph, pw, c]: each channel has its own kernel, w [kh, kw, c].
// `strideY`, `strideX` step over the picture, `dy`, `dx` from one weight of the kernel to the next; all in pixels.

export function depthwise(
  x: usize, w: usize, bias: usize, y: usize, batch: i32, ph: i32, pw: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, strideY: i32, strideX: i32, stepY: i32, stepX: i32,
): void {
  const ld = <usize>c << 2;
  const line = <usize>pw * ld;
  for (let n: i32 = 0; n < batch; n++) {
    for (let i: i32 = 0; i < oh; i++) {
      for (let j: i32 = 0; j < ow; j++) {
        const at = x + <usize>(i * strideY) * line + <usize>(j * strideX) * ld;
        let k: usize = 0;
        for (; k + 16 <= ld; k += 16) {
          let s = bias == 0 ? f32x4.splat(0) : v128.load(bias + k);
          let q = w + k;
          for (let a: i32 = 0; a < kh; a++) {
            let p = at + <usize>(a * stepY) * line + k;
            for (let b: i32 = 0; b < kw; b++) {
              s = f32x4.add(s, f32x4.mul(v128.load(p), v128.load(q)));
              p += <usize>stepX * ld; q += ld;
            }
          }
          v128.store(y + k, s);
        }
        for (; k < ld; k += 4) {
          let s: f32 = bias == 0 ? 0 : load<f32>(bias + k);
          let q = w + k;
          for (let a: i32 = 0; a < kh; a++) {
            let p = at + <usize>(a * stepY) * line + k;
            for (let b: i32 = 0; b < kw; b++) {
              s += load<f32>(p) * load<f32>(q);
              p += <usize>stepX * ld; q += ld;
            }
          }
          store<f32>(y + k, s);
        }
        y += ld;
      }
    }
    x += <usize>ph * line;
  }
}

/** Adds the gradient of the padded picture to dx. */
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
  const line = <usize>pw * ld;
  const hop = <usize>strideX * ld;
  for (let a: i32 = 0; a < kh; a++) {
    for (let b: i32 = 0; b < kw; b++) {
      const tap = x + <usize>(a * stepY) * line + <usize>(b * stepX) * ld;
      let k: usize = 0;
      for (; k + 16 <= ld; k += 16) {
        let s = f32x4.splat(0), t = s;
        let q = g + k;
        for (let n: i32 = 0; n < batch; n++) {
          for (let i: i32 = 0; i < oh; i++) {
            let p = tap + <usize>(n * ph + i * strideY) * line + k;
            let j = ow;
            for (; j >= 2; j -= 2) {
              s = f32x4.add(s, f32x4.mul(v128.load(p), v128.load(q)));
              t = f32x4.add(t, f32x4.mul(v128.load(p + hop), v128.load(q + ld)));
              p += 2 * hop; q += 2 * ld;
            }
            if (j > 0) {
              s = f32x4.add(s, f32x4.mul(v128.load(p), v128.load(q)));
              q += ld;
            }
          }
        }
        v128.store(dw + k, f32x4.add(s, t));
      }
      for (; k < ld; k += 4) {
        let s: f32 = 0;
        let q = g + k;
        for (let n: i32 = 0; n < batch; n++) {
          for (let i: i32 = 0; i < oh; i++) {
            let p = tap + <usize>(n * ph + i * strideY) * line + k;
            for (let j: i32 = 0; j < ow; j++) {
              s += load<f32>(p) * load<f32>(q);
              p += hop; q += ld;
            }
          }
        }
        store<f32>(dw + k, s);
      }
      dw += ld;
    }
  }
}
