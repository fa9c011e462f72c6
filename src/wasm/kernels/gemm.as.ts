// Matrix product in float32: C = A B, each operand as it stands or transposed.
//
// As Goto and van de Geijn have it: a block of B and a block of A are packed into panels whose numbers stand in the order
// of use, and a tile of 4 x 8 sums is kept in registers. Every sum is taken over k = 0, 1, 2, … and each step is rounded,
// so that the result is that of the plain triple loop, bit for bit, whatever the blocks.

/** Rows and columns of the tile in registers. */
const TILE_ROWS: u32 = 4;
const TILE_COLS: u32 = 8;
/** Depth of a block, and rows of A and columns of B in it: multiples of the tile's. */
const DEPTH: u32 = 256;
const ROWS: u32 = 128;
const COLS: u32 = 512;

/** Bytes that `gemm` needs at `work`: both packed blocks and one tile. */
export function gemmWorkBytes(): usize {
  return ((ROWS + COLS) * DEPTH + TILE_ROWS * TILE_COLS) << 2;
}

/**
 * @param a m x k numbers by rows, or k x m where `aTurned`; `b` k x n, or n x k where `bTurned`; `c` takes m x n.
 * @param work `gemmWorkBytes()` bytes, 16-byte aligned, that overlap nothing else.
 */
export function gemm(
  m: u32,
  n: u32,
  k: u32,
  a: usize,
  aTurned: bool,
  b: usize,
  bTurned: bool,
  c: usize,
  work: usize,
): void {
  if (k == 0) {
    memory.fill(c, 0, (<usize>m * n) << 2);
    return;
  }
  const packedA = work;
  const packedB = packedA + ((ROWS * DEPTH) << 2);
  const tile = packedB + ((COLS * DEPTH) << 2);
  for (let j: u32 = 0; j < n; j += COLS) {
    const cols = min(COLS, n - j);
    for (let d: u32 = 0; d < k; d += DEPTH) {
      const depth = min(DEPTH, k - d);
      if (bTurned) packAcross(TILE_COLS, packedB, b, k, j, cols, d, depth);
      else packAlong(TILE_COLS, packedB, b, n, j, cols, d, depth);
      for (let i: u32 = 0; i < m; i += ROWS) {
        const rows = min(ROWS, m - i);
        if (aTurned) packAlong(TILE_ROWS, packedA, a, m, i, rows, d, depth);
        else packAcross(TILE_ROWS, packedA, a, k, i, rows, d, depth);
        for (let jj: u32 = 0; jj < cols; jj += TILE_COLS) {
          const panelB = packedB + ((jj * depth) << 2);
          const width = min(TILE_COLS, cols - jj);
          for (let ii: u32 = 0; ii < rows; ii += TILE_ROWS) {
            const panelA = packedA + ((ii * depth) << 2);
            const height = min(TILE_ROWS, rows - ii);
            const at = c + ((<usize>(i + ii) * n + j + jj) << 2);
            if (height == TILE_ROWS && width == TILE_COLS) {
              multiply(panelA, panelB, depth, at, n << 2, d > 0);
            } else {
              if (d > 0) copy(tile, TILE_COLS, at, n, height, width);
              multiply(panelA, panelB, depth, tile, TILE_COLS << 2, d > 0);
              copy(at, n, tile, TILE_COLS, height, width);
            }
          }
        }
      }
    }
  }
}

/** One tile: `c` (rows `stride` bytes apart) starts from nothing, or goes on from what it holds. */
// @ts-ignore: decorator
@inline
function multiply(a: usize, b: usize, depth: u32, c: usize, stride: usize, goOn: bool): void {
  const c1 = c + stride;
  const c2 = c1 + stride;
  const c3 = c2 + stride;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  if (goOn) {
    s00 = v128.load(c);
    s01 = v128.load(c, 16);
    s10 = v128.load(c1);
    s11 = v128.load(c1, 16);
    s20 = v128.load(c2);
    s21 = v128.load(c2, 16);
    s30 = v128.load(c3);
    s31 = v128.load(c3, 16);
  }
  const end = a + (<usize>depth << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(a0, b0));
    s01 = f32x4.add(s01, f32x4.mul(a0, b1));
    const a1 = v128.load32_splat(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(a1, b0));
    s11 = f32x4.add(s11, f32x4.mul(a1, b1));
    const a2 = v128.load32_splat(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(a2, b0));
    s21 = f32x4.add(s21, f32x4.mul(a2, b1));
    const a3 = v128.load32_splat(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(a3, b0));
    s31 = f32x4.add(s31, f32x4.mul(a3, b1));
    a += 16;
    b += 32;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

function copy(to: usize, toLead: u32, from: usize, fromLead: u32, height: u32, width: u32): void {
  for (let r: u32 = 0; r < height; r++) {
    memory.copy(to + ((<usize>r * toLead) << 2), from + ((<usize>r * fromLead) << 2), width << 2);
  }
}

/**
 * Packs lanes `first` .. `first + lanes` at depths `d` .. `d + depth` into panels of `width` lanes, depth by depth; lanes
 * that are not there are zeros. Here the lanes of one depth are neighbours in memory: (depth p, lane l) is `p * lead + l`.
 */
// @ts-ignore: decorator
@inline
function packAlong(width: u32, to: usize, from: usize, lead: u32, first: u32, lanes: u32, d: u32, depth: u32): void {
  const step = <usize>lead << 2;
  for (let l: u32 = 0; l < lanes; l += width) {
    let source = from + ((<usize>d * lead + first + l) << 2);
    const full = lanes - l >= width;
    for (let p: u32 = 0; p < depth; p++) {
      if (full) {
        v128.store(to, v128.load(source));
        if (width == 8) v128.store(to, v128.load(source, 16), 16);
      } else {
        for (let i: u32 = 0; i < width; i++) store<f32>(to + (i << 2), l + i < lanes ? load<f32>(source + (i << 2)) : 0);
      }
      to += width << 2;
      source += step;
    }
  }
}

/** The same where the depths of one lane are neighbours in memory: (depth p, lane l) is `l * lead + p`. */
// @ts-ignore: decorator
@inline
function packAcross(width: u32, to: usize, from: usize, lead: u32, first: u32, lanes: u32, d: u32, depth: u32): void {
  const step = <usize>lead << 2;
  for (let l: u32 = 0; l < lanes; l += width) {
    const source = from + ((<usize>(first + l) * lead + d) << 2);
    let p: u32 = 0;
    if (lanes - l >= width) {
      for (; p + 4 <= depth; p += 4) {
        const at = source + (p << 2);
        turn(at, step, to, width << 2);
        if (width == 8) turn(at + (step << 2), step, to + 16, width << 2);
        to += width << 4;
      }
    }
    for (; p < depth; p++) {
      for (let i: u32 = 0; i < width; i++) {
        store<f32>(to + (i << 2), l + i < lanes ? load<f32>(source + step * i + (p << 2)) : 0);
      }
      to += width << 2;
    }
  }
}

/** Four rows of four numbers become four columns. */
// @ts-ignore: decorator
@inline
function turn(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + fromStep);
  const r2 = v128.load(from + 2 * fromStep);
  const r3 = v128.load(from + 3 * fromStep);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(to + toStep, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
  v128.store(to + 2 * toStep, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
  v128.store(to + 3 * toStep, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
}
