// Pooling: a window that hangs over the edge counts the pixels inside only.

/** x [batch, h, w, c] -> y [batch, oh, ow, c]; the mean of the window. */
export function averagePool(
  x: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32,
): void {
  const ld = <usize>c << 2;
  for (let n: i32 = 0; n < batch; n++) {
    for (let i: i32 = 0; i < oh; i++) {
      const y0 = max(0, i * sh - top), y1 = min(h, i * sh - top + kh);
      for (let j: i32 = 0; j < ow; j++) {
        const x0 = max(0, j * sw - left), x1 = min(w, j * sw - left + kw);
        const factor = <f32>1 / <f32>((y1 - y0) * (x1 - x0));
        let k: usize = 0;
        for (; k + 16 <= ld; k += 16) {
          let s = f32x4.splat(0);
          for (let a = y0; a < y1; a++) {
            let p = x + <usize>(a * w + x0) * ld + k;
            for (let b = x0; b < x1; b++) {
              s = f32x4.add(s, v128.load(p));
              p += ld;
            }
          }
          v128.store(y + k, f32x4.mul(s, f32x4.splat(factor)));
        }
        for (; k < ld; k += 4) {
          let s: f32 = 0;
          for (let a = y0; a < y1; a++) for (let b = x0; b < x1; b++) s += load<f32>(x + <usize>(a * w + b) * ld + k);
          store<f32>(y + k, s * factor);
        }
        y += ld;
      }
    }
    x += <usize>(h * w) * ld;
  }
}

/** Adds to dx. */
export function averagePoolBackward(
  dy: usize, dx: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32,
): void {
  const ld = <usize>c << 2;
  for (let n: i32 = 0; n < batch; n++) {
    for (let i: i32 = 0; i < oh; i++) {
      const y0 = max(0, i * sh - top), y1 = min(h, i * sh - top + kh);
      for (let j: i32 = 0; j < ow; j++) {
        const x0 = max(0, j * sw - left), x1 = min(w, j * sw - left + kw);
        const factor = <f32>1 / <f32>((y1 - y0) * (x1 - x0));
        let k: usize = 0;
        for (; k + 16 <= ld; k += 16) {
          const v = f32x4.mul(v128.load(dy + k), f32x4.splat(factor));
          for (let a = y0; a < y1; a++) {
            let p = dx + <usize>(a * w + x0) * ld + k;
            for (let b = x0; b < x1; b++) {
              v128.store(p, f32x4.add(v128.load(p), v));
              p += ld;
            }
          }
        }
        for (; k < ld; k += 4) {
          const v = load<f32>(dy + k) * factor;
          for (let a = y0; a < y1; a++) {
            for (let b = x0; b < x1; b++) {
              const p = dx + <usize>(a * w + b) * ld + k;
              store<f32>(p, load<f32>(p) + v);
            }
          }
        }
        dy += ld;
      }
    }
    dx += <usize>(h * w) * ld;
  }
}

/** The greatest number of the window; NaN if one is. */
export function maxPool(
  x: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32,
): void {
  const ld = <usize>c << 2;
  for (let n: i32 = 0; n < batch; n++) {
    for (let i: i32 = 0; i < oh; i++) {
      const y0 = max(0, i * sh - top), y1 = min(h, i * sh - top + kh);
      for (let j: i32 = 0; j < ow; j++) {
        const x0 = max(0, j * sw - left), x1 = min(w, j * sw - left + kw);
        let k: usize = 0;
        for (; k + 16 <= ld; k += 16) {
          let s = f32x4.splat(-Infinity);
          for (let a = y0; a < y1; a++) {
            let p = x + <usize>(a * w + x0) * ld + k;
            for (let b = x0; b < x1; b++) {
              s = f32x4.max(s, v128.load(p));
              p += ld;
            }
          }
          v128.store(y + k, s);
        }
        for (; k < ld; k += 4) {
          let s: f32 = -Infinity;
          for (let a = y0; a < y1; a++) for (let b = x0; b < x1; b++) s = max<f32>(s, load<f32>(x + <usize>(a * w + b) * ld + k));
          store<f32>(y + k, s);
        }
        y += ld;
      }
    }
    x += <usize>(h * w) * ld;
  }
}

/** Adds to dx: the first of the greatest, row by row, has it all. */
export function maxPoolBackward(
  x: usize, y: usize, dy: usize, dx: usize, batch: i32, h: i32, w: i32, c: i32, oh: i32, ow: i32,
  kh: i32, kw: i32, sh: i32, sw: i32, top: i32, left: i32,
): void {
  const ld = <usize>c << 2;
  for (let n: i32 = 0; n < batch; n++) {
    for (let i: i32 = 0; i < oh; i++) {
      const y0 = max(0, i * sh - top), y1 = min(h, i * sh - top + kh);
      for (let j: i32 = 0; j < ow; j++) {
        const x0 = max(0, j * sw - left), x1 = min(w, j * sw - left + kw);
        let k: usize = 0;
        for (; k + 16 <= ld; k += 16) {
          const top4 = v128.load(y + k);
          let g = v128.load(dy + k);
          for (let a = y0; a < y1; a++) {
            let at = <usize>(a * w + x0) * ld + k;
            for (let b = x0; b < x1; b++) {
              const here = f32x4.eq(v128.load(x + at), top4);
              v128.store(dx + at, f32x4.add(v128.load(dx + at), v128.and(g, here)));
              g = v128.andnot(g, here);
              at += ld;
            }
          }
        }
        for (; k < ld; k += 4) {
          let found = false;
          for (let a = y0; a < y1; a++) {
            for (let b = x0; b < x1; b++) {
              const at = <usize>(a * w + b) * ld + k;
              if (!found && load<f32>(x + at) == load<f32>(y + k)) {
                store<f32>(dx + at, load<f32>(dx + at) + load<f32>(dy + k));
                found = true;
              }
            }
          }
        }
        y += ld; dy += ld;
      }
    }
    x += <usize>(h * w) * ld;
    dx += <usize>(h * w) * ld;
  }
}
