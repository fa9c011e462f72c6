import { loadWasm, type WasmMemory } from './load.js';

/**
 * SIMD kernels in float32 and float64. Places are in bytes, within the memory that the kernels were loaded over. Each has a
 * twin in plain TypeScript (`twins/kernels.ts`) that gives the same bits.
 */
export interface Kernels {
  /** Bytes that `gemm` needs at `work`, 16-byte aligned. */
  gemmWorkBytes(): number;
  /**
   * C = A B: A is m x k by rows, or stored as k x m where `aTurned`; B k x n, or n x k; C m x n, overwritten.
   * About 45 GFLOP/s on one core of an AMD EPYC from 64 x 64 x 64 on; see `bench/gemm.js`.
   */
  gemm(m: number, n: number, k: number, a: number, aTurned: boolean, b: number, bTurned: boolean, c: number, work: number): void;
  /** `out[segment[r]] += x[r]` for rows of `width` float32; `out` (segments x width) is overwritten, other segments are left out. */
  segmentSum(x: number, segment: number, rows: number, width: number, out: number, segments: number): void;
  /** For the rows listed, adds the row's gradient to `histogram[cell]` and 1 to `histogram[cell + 1]` in each of its cells. */
  addToHistogram(histogram: number, row: number, count: number, gradient: number, cells: number, width: number): void;
  /** The same, taken away. */
  takeFromHistogram(histogram: number, row: number, count: number, gradient: number, cells: number, width: number): void;
}

/** The kernels over a memory. They own none of it. @throws DataError when they have not been built. */
export function loadKernels(memory: WasmMemory): Kernels {
  return loadWasm<Kernels>('kernels', memory);
}
