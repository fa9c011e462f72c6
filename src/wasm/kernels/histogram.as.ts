// The inner loop of fitting trees: sums of gradients and counts of rows by bin, of all columns at once.

/**
 * For rows `row[0 .. count)`: in each of their `width` cells, adds the row's gradient to `histogram[cell]` and one to
 * `histogram[cell + 1]`. A cell is twice its bin; sums and counts are doubles, side by side.
 * @param row 32-bit integers; `gradient` doubles by row; `cells` 16-bit numbers, rows x width.
 */
export function addToHistogram(histogram: usize, row: usize, count: u32, gradient: usize, cells: usize, width: u32): void {
  add(histogram, row, count, gradient, cells, width, 1);
}

/** The same, taken away. */
export function takeFromHistogram(histogram: usize, row: usize, count: u32, gradient: usize, cells: usize, width: u32): void {
  add(histogram, row, count, gradient, cells, width, -1);
}

// @ts-ignore: decorator
@inline
function add(histogram: usize, row: usize, count: u32, gradient: usize, cells: usize, width: u32, sign: f64): void {
  const bytes = <usize>width << 1;
  for (let i: u32 = 0; i < count; i++) {
    const r = <usize>load<u32>(row + (<usize>i << 2));
    const step = f64x2.replace_lane(f64x2.splat(sign), 0, sign * load<f64>(gradient + (r << 3)));
    let cell = cells + r * bytes;
    const end = cell + bytes;
    const pairs = cell + (bytes & ~3);
    while (cell < pairs) {
      const two = load<u32>(cell);
      const first = histogram + ((two & 0xffff) << 3);
      v128.store(first, f64x2.add(v128.load(first), step));
      const second = histogram + ((two >>> 16) << 3);
      v128.store(second, f64x2.add(v128.load(second), step));
      cell += 4;
    }
    if (cell < end) {
      const last = histogram + (<usize>load<u16>(cell) << 3);
      v128.store(last, f64x2.add(v128.load(last), step));
    }
  }
}
