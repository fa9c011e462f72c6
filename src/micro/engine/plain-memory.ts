import { ShapeError } from '../../core/base/errors.js';
import type { EngineKernels } from '../../wasm/engine.js';
import { plainEngine } from '../../wasm/plain-engine.js';
import type { EngineMemory } from './engine-memory.js';

/** Numbers that a plain memory holds: enough for every network of the benchmark. */
const CAPACITY = 1 << 22;
const START = 64;

/**
 * The plain kernels and ordinary memory, about a hundred times slower than WebAssembly.
 * @param precision in float64 the views that a network hands out are `Float64Array`s behind the types of float32.
 */
export function plainMemory(precision: 'float32' | 'float64' = 'float32', capacity: number = CAPACITY): EngineMemory {
  return new PlainMemory(precision, capacity);
}

class PlainMemory implements EngineMemory {
  readonly start = START;
  readonly kernels: EngineKernels;
  private readonly numbers: Float32Array | Float64Array;
  private readonly whole: Int32Array;

  constructor(precision: 'float32' | 'float64', capacity: number) {
    const single = precision === 'float32';
    this.numbers = single ? new Float32Array(capacity) : new Float64Array(capacity);
    this.whole = single ? new Int32Array(this.numbers.buffer) : new Int32Array(capacity);
    this.kernels = plainEngine({ floats: this.numbers, ints: this.whole });
  }

  reserve(bytes: number): void {
    if (bytes > this.numbers.length * 4) {
      throw new ShapeError({
        argument: 'plainMemory: capacity',
        expected: `${bytes / 4} numbers`,
        got: `${this.numbers.length}`,
      });
    }
    this.numbers.fill(0);
    this.whole.fill(0);
  }

  floats(at: number, count: number): Float32Array {
    return this.numbers.subarray(at >> 2, (at >> 2) + count) as Float32Array;
  }

  ints(at: number, count: number): Int32Array {
    return this.whole.subarray(at >> 2, (at >> 2) + count);
  }

  release(): void {}
}
