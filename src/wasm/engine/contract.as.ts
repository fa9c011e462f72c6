// Convolutions and matrix products as one contraction: each output row reads a patch of its input, `ny x nx` runs of `len`
// neighbouring numbers, whose first stands at `x + table[row]`. A 3 x 3 kernel over padded rows is three runs of three
// pixels; a matrix product is one run a row. No patch is ever copied out.
//
// Sums run over the patch in order, each step rounded, in a tile of 4 rows x 8 columns that stays in registers.

/** Rows whose patches should stay in the cache while all columns pass over them. */
const BLOCK: i32 = 256;

/**
 * y[row, col] = bias[col] + sum over the patch of x * w, or added to y.
 * @param panels weights as `pack` lays them out: for each 8 columns, one line of 8 for each number of the patch.
 * @param bias 0 for none. @param ldy bytes from a row of y to the next. Strides are in bytes, `len` in numbers.
 */
export function contract(
  x: usize, table: usize, panels: usize, bias: usize, y: usize,
  rows: i32, cols: i32, ldy: i32,
  ny: i32, strideY: i32, nx: i32, strideX: i32, len: i32,
  accumulate: bool,
): void {
  const panelBytes = <usize>(ny * nx * len) << 5;
  for (let block: i32 = 0; block < rows; block += BLOCK) {
    const end = min(block + BLOCK, rows);
    for (let col: i32 = 0; col < cols; col += 8) {
      const width = min(8, cols - col);
      const panel = panels + <usize>(col >> 3) * panelBytes;
      let row = block;
      for (; row + 4 <= end; row += 4) {
        const places = table + (<usize>row << 2);
        tile4(
          x + load<u32>(places), x + load<u32>(places, 4), x + load<u32>(places, 8), x + load<u32>(places, 12),
          panel, bias == 0 ? 0 : bias + (<usize>col << 2), y + <usize>row * ldy + (<usize>col << 2), ldy, width,
          ny, strideY, nx, strideX, len, accumulate,
        );
      }
      for (; row < end; row++) {
        tile1(
          x + load<u32>(table + (<usize>row << 2)),
          panel, bias == 0 ? 0 : bias + (<usize>col << 2), y + <usize>row * ldy + (<usize>col << 2), width,
          ny, strideY, nx, strideX, len, accumulate,
        );
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function tile4(
  x0: usize, x1: usize, x2: usize, x3: usize, panel: usize, bias: usize, y: usize, ldy: i32, width: i32,
  ny: i32, strideY: i32, nx: i32, strideX: i32, len: i32, accumulate: bool,
): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (let sy: i32 = 0; sy < ny; sy++) {
    for (let sx: i32 = 0; sx < nx; sx++) {
      const run = <usize>(sy * strideY + sx * strideX);
      let p0 = x0 + run, p1 = x1 + run, p2 = x2 + run, p3 = x3 + run;
      let k = len;
      // Unrolled with a way out after each step: V8 keeps the sums of several steps in one block on the stack.
      for (;;) {
        let w0 = v128.load(panel), w1 = v128.load(panel, 16);
        let s = v128.load32_splat(p0);
        a0 = f32x4.add(a0, f32x4.mul(s, w0)); a1 = f32x4.add(a1, f32x4.mul(s, w1));
        s = v128.load32_splat(p1);
        b0 = f32x4.add(b0, f32x4.mul(s, w0)); b1 = f32x4.add(b1, f32x4.mul(s, w1));
        s = v128.load32_splat(p2);
        c0 = f32x4.add(c0, f32x4.mul(s, w0)); c1 = f32x4.add(c1, f32x4.mul(s, w1));
        s = v128.load32_splat(p3);
        d0 = f32x4.add(d0, f32x4.mul(s, w0)); d1 = f32x4.add(d1, f32x4.mul(s, w1));
        if (k == 1) { panel += 32; break; }
        w0 = v128.load(panel, 32); w1 = v128.load(panel, 48);
        s = v128.load32_splat(p0, 4);
        a0 = f32x4.add(a0, f32x4.mul(s, w0)); a1 = f32x4.add(a1, f32x4.mul(s, w1));
        s = v128.load32_splat(p1, 4);
        b0 = f32x4.add(b0, f32x4.mul(s, w0)); b1 = f32x4.add(b1, f32x4.mul(s, w1));
        s = v128.load32_splat(p2, 4);
        c0 = f32x4.add(c0, f32x4.mul(s, w0)); c1 = f32x4.add(c1, f32x4.mul(s, w1));
        s = v128.load32_splat(p3, 4);
        d0 = f32x4.add(d0, f32x4.mul(s, w0)); d1 = f32x4.add(d1, f32x4.mul(s, w1));
        if (k == 2) { panel += 64; break; }
        w0 = v128.load(panel, 64); w1 = v128.load(panel, 80);
        s = v128.load32_splat(p0, 8);
        a0 = f32x4.add(a0, f32x4.mul(s, w0)); a1 = f32x4.add(a1, f32x4.mul(s, w1));
        s = v128.load32_splat(p1, 8);
        b0 = f32x4.add(b0, f32x4.mul(s, w0)); b1 = f32x4.add(b1, f32x4.mul(s, w1));
        s = v128.load32_splat(p2, 8);
        c0 = f32x4.add(c0, f32x4.mul(s, w0)); c1 = f32x4.add(c1, f32x4.mul(s, w1));
        s = v128.load32_splat(p3, 8);
        d0 = f32x4.add(d0, f32x4.mul(s, w0)); d1 = f32x4.add(d1, f32x4.mul(s, w1));
        if (k == 3) { panel += 96; break; }
        w0 = v128.load(panel, 96); w1 = v128.load(panel, 112);
        s = v128.load32_splat(p0, 12);
        a0 = f32x4.add(a0, f32x4.mul(s, w0)); a1 = f32x4.add(a1, f32x4.mul(s, w1));
        s = v128.load32_splat(p1, 12);
        b0 = f32x4.add(b0, f32x4.mul(s, w0)); b1 = f32x4.add(b1, f32x4.mul(s, w1));
        s = v128.load32_splat(p2, 12);
        c0 = f32x4.add(c0, f32x4.mul(s, w0)); c1 = f32x4.add(c1, f32x4.mul(s, w1));
        s = v128.load32_splat(p3, 12);
        d0 = f32x4.add(d0, f32x4.mul(s, w0)); d1 = f32x4.add(d1, f32x4.mul(s, w1));
        panel += 128; p0 += 16; p1 += 16; p2 += 16; p3 += 16;
        k -= 4;
        if (k == 0) break;
      }
    }
  }
  put(y, a0, a1, bias, width, accumulate);
  put(y + ldy, b0, b1, bias, width, accumulate);
  put(y + 2 * ldy, c0, c1, bias, width, accumulate);
  put(y + 3 * ldy, d0, d1, bias, width, accumulate);
}

// @ts-ignore: decorator
@inline
function tile1(
  x: usize, panel: usize, bias: usize, y: usize, width: i32,
  ny: i32, strideY: i32, nx: i32, strideX: i32, len: i32, accumulate: bool,
): void {
  let a0 = f32x4.splat(0), a1 = a0;
  for (let sy: i32 = 0; sy < ny; sy++) {
    for (let sx: i32 = 0; sx < nx; sx++) {
      let p = x + <usize>(sy * strideY + sx * strideX);
      for (let k = len; k > 0; k--) {
        const s = v128.load32_splat(p);
        a0 = f32x4.add(a0, f32x4.mul(s, v128.load(panel)));
        a1 = f32x4.add(a1, f32x4.mul(s, v128.load(panel, 16)));
        panel += 32; p += 4;
      }
    }
  }
  put(y, a0, a1, bias, width, accumulate);
}

/** Stores 8 sums, or the first `width` of them. */
// @ts-ignore: decorator
@inline
function put(y: usize, s0: v128, s1: v128, bias: usize, width: i32, accumulate: bool): void {
  if (width == 8) {
    if (bias != 0) {
      s0 = f32x4.add(s0, v128.load(bias));
      s1 = f32x4.add(s1, v128.load(bias, 16));
    }
    if (accumulate) {
      s0 = f32x4.add(s0, v128.load(y));
      s1 = f32x4.add(s1, v128.load(y, 16));
    }
    v128.store(y, s0);
    v128.store(y, s1, 16);
  } else putSome(y, s0, s1, bias, width, accumulate);
}

function putSome(y: usize, s0: v128, s1: v128, bias: usize, width: i32, accumulate: bool): void {
  for (let i: i32 = 0; i < width; i++) {
    const at = <usize>i << 2;
    let value = f32x4.extract_lane(s0, 0);
    if (bias != 0) value += load<f32>(bias + at);
    if (accumulate) value += load<f32>(y + at);
    store<f32>(y + at, value);
    if (i == 3) s0 = s1;
    else s0 = v128.shuffle<f32>(s0, s0, 1, 2, 3, 0);
  }
}

/**
 * dw[k, col] = sum over the rows of x[patch k] * dy[row, col], in the order of the rows, within blocks of them.
 * Reads up to 28 bytes past a row of dy and 12 past a run of x, and makes no use of them.
 */
export function contractWeights(
  x: usize, table: usize, dy: usize, dw: usize,
  rows: i32, cols: i32, ldy: i32, lddw: i32,
  ny: i32, strideY: i32, nx: i32, strideX: i32, len: i32,
): void {
  for (let block: i32 = 0; block < rows; block += BLOCK) {
    const end = min(block + BLOCK, rows);
    let out = dw;
    for (let sy: i32 = 0; sy < ny; sy++) {
      for (let sx: i32 = 0; sx < nx; sx++) {
        const run = x + <usize>(sy * strideY + sx * strideX);
        for (let k: i32 = 0; k < len; k += 4) {
          for (let col: i32 = 0; col < cols; col += 8) {
            weightTile(
              run + (<usize>k << 2), table, dy + (<usize>col << 2), out + (<usize>col << 2), block, end, ldy, lddw,
              min(4, len - k), min(8, cols - col), block > 0,
            );
          }
          out += <usize>min(4, len - k) * lddw;
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function weightTile(
  x: usize, table: usize, dy: usize, dw: usize, row: i32, end: i32, ldy: i32, lddw: i32,
  height: i32, width: i32, accumulate: bool,
): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  let place = table + (<usize>row << 2);
  const last = table + (<usize>end << 2);
  let g = dy + <usize>row * ldy;
  for (; place < last; place += 4) {
    const p = x + load<u32>(place);
    const w0 = v128.load(g), w1 = v128.load(g, 16);
    g += ldy;
    let s = v128.load32_splat(p);
    a0 = f32x4.add(a0, f32x4.mul(s, w0)); a1 = f32x4.add(a1, f32x4.mul(s, w1));
    s = v128.load32_splat(p, 4);
    b0 = f32x4.add(b0, f32x4.mul(s, w0)); b1 = f32x4.add(b1, f32x4.mul(s, w1));
    s = v128.load32_splat(p, 8);
    c0 = f32x4.add(c0, f32x4.mul(s, w0)); c1 = f32x4.add(c1, f32x4.mul(s, w1));
    s = v128.load32_splat(p, 12);
    d0 = f32x4.add(d0, f32x4.mul(s, w0)); d1 = f32x4.add(d1, f32x4.mul(s, w1));
  }
  put(dw, a0, a1, 0, width, accumulate);
  if (height > 1) put(dw + lddw, b0, b1, 0, width, accumulate);
  if (height > 2) put(dw + 2 * lddw, c0, c1, 0, width, accumulate);
  if (height > 3) put(dw + 3 * lddw, d0, d1, 0, width, accumulate);
}

/** dx[table[row] + run + k] += patch[row, k]: gives the gradient of patches back to the input that they were read from. */
export function spreadPatches(
  patches: usize, table: usize, dx: usize, rows: i32, ny: i32, strideY: i32, nx: i32, strideX: i32, len: i32,
): void {
  let p = patches;
  for (let row: i32 = 0; row < rows; row++) {
    const place = dx + load<u32>(table + (<usize>row << 2));
    for (let sy: i32 = 0; sy < ny; sy++) {
      for (let sx: i32 = 0; sx < nx; sx++) {
        let at = place + <usize>(sy * strideY + sx * strideX);
        let k = len;
        for (; k >= 4; k -= 4) {
          v128.store(at, f32x4.add(v128.load(at), v128.load(p)));
          at += 16; p += 16;
        }
        for (; k > 0; k--) {
          store<f32>(at, load<f32>(at) + load<f32>(p));
          at += 4; p += 4;
        }
      }
    }
  }
}

/**
 * Weights [taps, inputs, outputs] as `contract` wants them: lines of 8 outputs, zeros past the last.
 * @param ldw bytes from one input's outputs to the next input's.
 */
export function pack(w: usize, panels: usize, lines: i32, cols: i32, ldw: i32): void {
  for (let col: i32 = 0; col < cols; col += 8) {
    const width = min(8, cols - col);
    for (let k: i32 = 0; k < lines; k++) {
      const from = w + <usize>k * ldw + (<usize>col << 2);
      if (width == 8) {
        v128.store(panels, v128.load(from));
        v128.store(panels, v128.load(from, 16), 16);
      } else {
        for (let i: i32 = 0; i < 8; i++) store<f32>(panels + (<usize>i << 2), i < width ? load<f32>(from + (<usize>i << 2)) : 0);
      }
      panels += 32;
    }
  }
}

/**
 * The same weights for the gradient of the input: lines [tap, output] of 8 inputs; with `flip` the taps from the last to the
 * first (a convolution the other way round), else as `[output]` lines of all taps' inputs (for `spreadPatches`).
 */
export function packTurned(w: usize, panels: usize, taps: i32, inputs: i32, outputs: i32, flip: bool): void {
  if (flip) {
    for (let col: i32 = 0; col < inputs; col += 8) {
      for (let tap: i32 = taps - 1; tap >= 0; tap--) {
        for (let o: i32 = 0; o < outputs; o++) {
          for (let i: i32 = 0; i < 8; i++) {
            store<f32>(
              panels + (<usize>i << 2),
              col + i < inputs ? load<f32>(w + (<usize>((tap * inputs + col + i) * outputs + o) << 2)) : 0,
            );
          }
          panels += 32;
        }
      }
    }
    return;
  }
  const lines = taps * inputs;
  for (let col: i32 = 0; col < lines; col += 8) {
    for (let o: i32 = 0; o < outputs; o++) {
      for (let i: i32 = 0; i < 8; i++) {
        store<f32>(panels + (<usize>i << 2), col + i < lines ? load<f32>(w + (<usize>((col + i) * outputs + o) << 2)) : 0);
      }
      panels += 32;
    }
  }
}
