/**
 * What the plain kernels work in, in place of WebAssembly memory. Place `at` (in bytes of float32) is number `at >> 2`; in
 * float64 the same kernels are smooth enough for finite differences.
 */
export interface Numbers {
  readonly floats: Float32Array | Float64Array;
  /** In float32 over the same memory. */
  readonly ints: Int32Array;
}
