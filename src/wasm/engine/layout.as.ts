// Moving numbers: into and out of padded pictures, columns of matrices, blocks of pixels.

/** x [batch, h, w, c] into the middle of y [batch, h + margins, w + margins, c], negative ones as 0 where `relu`. */
export function padCopy(
  x: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, top: i32, bottom: i32, left: i32, right: i32, relu: bool,
): void {
  const rowBytes = <usize>(w * c) << 2;
  const lineBytes = <usize>((w + left + right) * c) << 2;
  const zero = f32x4.splat(0);
  for (let n: i32 = 0; n < batch; n++) {
    let line = y + <usize>(n * (h + top + bottom) + top) * lineBytes + (<usize>(left * c) << 2);
    for (let i: i32 = 0; i < h; i++) {
      if (relu) {
        let k: usize = 0;
        for (; k + 16 <= rowBytes; k += 16) {
          const v = v128.load(x + k);
          v128.store(line + k, v128.andnot(v, f32x4.lt(v, zero)));
        }
        for (; k < rowBytes; k += 4) {
          const v = load<f32>(x + k);
          store<f32>(line + k, v < 0 ? 0 : v);
        }
      } else memory.copy(line, x, rowBytes);
      x += rowBytes;
      line += lineBytes;
    }
  }
}

/** The middle of x [batch, h + margins, w + margins, c] into y [batch, h, w, c], or added to it. */
export function cropCopy(
  x: usize, y: usize, batch: i32, h: i32, w: i32, c: i32, top: i32, bottom: i32, left: i32, right: i32, accumulate: bool,
): void {
  const rowBytes = <usize>(w * c) << 2;
  const lineBytes = <usize>((w + left + right) * c) << 2;
  for (let n: i32 = 0; n < batch; n++) {
    let line = x + <usize>(n * (h + top + bottom) + top) * lineBytes + (<usize>(left * c) << 2);
    for (let i: i32 = 0; i < h; i++) {
      move(line, y, rowBytes, accumulate);
      y += rowBytes;
      line += lineBytes;
    }
  }
}

/** `cols` numbers of each row, from rows `ldx` bytes apart to rows `ldy` bytes apart; or added there. */
export function copyColumns(x: usize, ldx: i32, y: usize, ldy: i32, rows: i32, cols: i32, accumulate: bool): void {
  const bytes = <usize>cols << 2;
  for (; rows > 0; rows--) {
    move(x, y, bytes, accumulate);
    x += ldx; y += ldy;
  }
}

/** [batch, h, w, block², c] as [batch, h * block, w * block, c]; the other way round where `back`. */
export function depthToSpace(
  x: usize, y: usize, batch: i32, h: i32, w: i32, block: i32, c: i32, back: bool, accumulate: bool,
): void {
  const run = <usize>(block * c) << 2;
  const line = run * w;
  for (let n = batch * h; n > 0; n--) {
    const picture = back ? x : y;
    for (let j: i32 = 0; j < w; j++) {
      for (let i: i32 = 0; i < block; i++) {
        const deep = (back ? y : x) + <usize>(j * block + i) * run;
        const wide = picture + <usize>i * line + <usize>j * run;
        if (back) move(wide, deep, run, accumulate);
        else move(deep, wide, run, accumulate);
      }
    }
    x += line * block;
    y += line * block;
  }
}

// @ts-ignore: decorator
@inline
function move(x: usize, y: usize, bytes: usize, accumulate: bool): void {
  let k: usize = 0;
  if (accumulate) {
    for (; k + 16 <= bytes; k += 16) v128.store(y + k, f32x4.add(v128.load(y + k), v128.load(x + k)));
    for (; k < bytes; k += 4) store<f32>(y + k, load<f32>(y + k) + load<f32>(x + k));
  } else {
    for (; k + 16 <= bytes; k += 16) v128.store(y + k, v128.load(x + k));
    for (; k < bytes; k += 4) store<f32>(y + k, load<f32>(x + k));
  }
}
