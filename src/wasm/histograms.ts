import { UnsupportedError } from '../core/base/errors.js';
import type { HistogramRoom, MakeHistogramRoom } from '../core/base/histogram-room.js';
import { loadKernels } from './kernels.js';
import { type WasmMemory, wasmMemory } from './load.js';

const PAGE = 65536;
const ALIGNMENT = 16;
/** Larger tables stay in plain arrays. */
const MOST_BYTES = 2 ** 30;

/** Room in a memory of its own, where the SIMD kernels fill histograms. It goes when its arrays go. */
export const simdHistograms: MakeHistogramRoom = (bytes, arrays): HistogramRoom | null => {
  const needed = bytes + arrays * ALIGNMENT;
  if (needed > MOST_BYTES) return null;
  const memory = memoryIfFree(Math.ceil(needed / PAGE));
  if (memory === null) return null;
  const kernels = loadKernels(memory);
  let next = 0;
  const take = (size: number): number => {
    const here = next;
    next = Math.ceil((here + size) / ALIGNMENT) * ALIGNMENT;
    return here;
  };
  return {
    doubles: (length) => new Float64Array(memory.buffer, take(8 * length), length),
    integers: (length) => new Int32Array(memory.buffer, take(4 * length), length),
    cells: (length) => new Uint16Array(memory.buffer, take(2 * length), length),
    add(histogram, row, start, end, gradient, cells, width) {
      const first = row.byteOffset + 4 * start;
      kernels.addToHistogram(histogram.byteOffset, first, end - start, gradient.byteOffset, cells.byteOffset, width);
    },
    take(histogram, row, start, end, gradient, cells, width) {
      const first = row.byteOffset + 4 * start;
      kernels.takeFromHistogram(histogram.byteOffset, first, end - start, gradient.byteOffset, cells.byteOffset, width);
    },
  };
};

function memoryIfFree(pages: number): WasmMemory | null {
  try {
    return wasmMemory(pages);
  } catch (error) {
    if (error instanceof UnsupportedError) return null;
    throw error;
  }
}
