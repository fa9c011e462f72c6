/**
 * Where histograms of gradients stand and how they are filled: plain arrays and loops, or another memory and its kernels.
 * A histogram holds sums and counts by turns; a cell is twice its bin.
 */
export interface HistogramRoom {
  doubles(length: number): Float64Array;
  integers(length: number): Int32Array;
  /** For cells below 2^16. */
  cells(length: number): Uint16Array;
  /**
   * For rows `row[start .. end)`: in each of their `width` cells, adds the row's gradient to the sum and 1 to the count.
   * All arrays are of this room; `cells` is rows × width.
   */
  add(
    histogram: Float64Array,
    row: Int32Array,
    start: number,
    end: number,
    gradient: Float64Array,
    cells: Uint16Array,
    width: number,
  ): void;
  /** The same, taken away. */
  take: HistogramRoom['add'];
}

/** Makes room for arrays of so many bytes and numbers; null where it cannot. The numbers are the same, bit for bit. */
export type MakeHistogramRoom = (bytes: number, arrays: number) => HistogramRoom | null;

let handedIn: MakeHistogramRoom = () => null;

/** Says who makes room for histograms in this thread; the core itself only has plain arrays. */
export function countHistogramsWith(make: MakeHistogramRoom): void {
  handedIn = make;
}

export function histogramRoom(bytes: number, arrays: number): HistogramRoom | null {
  return handedIn(bytes, arrays);
}
