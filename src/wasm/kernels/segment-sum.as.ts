// Sums of rows by segment, as TensorFlow's UnsortedSegmentSum: the gradient of gathering rows.

/**
 * `out[segment[r]] += x[r]` for rows of `width` numbers, in the order of the rows; rows of segments that are not there are
 * left out. `out` (`segments` x `width`) is overwritten; `segment` holds 32-bit integers.
 */
export function segmentSum(x: usize, segment: usize, rows: u32, width: u32, out: usize, segments: u32): void {
  memory.fill(out, 0, (<usize>segments * width) << 2);
  const bytes = <usize>width << 2;
  const whole = (<usize>width >> 2) << 4;
  for (let r: u32 = 0; r < rows; r++) {
    const s = load<u32>(segment + (<usize>r << 2));
    if (s < segments) {
      const to = out + <usize>s * bytes;
      let at: usize = 0;
      for (; at < whole; at += 16) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(x + at)));
      for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(x + at));
    }
    x += bytes;
  }
}
