import { UnsupportedError } from '../../core/base/errors.js';
import { type EngineKernels, loadEngine } from '../../wasm/engine.js';
import { type WasmMemory, wasmMemory } from '../../wasm/load.js';

/** Kernels and the memory that they work in. Places are in bytes. */
export interface EngineMemory {
  readonly kernels: EngineKernels;
  /** From here on the memory is the network's. */
  readonly start: number;
  /**
   * Makes the memory at least `bytes` long, all zeros from `start` to there. Views taken before are void.
   * @throws UnsupportedError or ShapeError when there is not as much.
   */
  reserve(bytes: number): void;
  floats(at: number, count: number): Float32Array;
  ints(at: number, count: number): Int32Array;
  /** Gives it to the next network of this thread. */
  release(): void;
}

/** Memories are kept: each holds gigabytes of addresses, and a thread that trains thousands of networks would run out of them. */
const idle: WasmEngine[] = [];

/**
 * SIMD kernels over a memory that no one else has. @throws DataError when they have not been built; UnsupportedError when no
 * memory is free.
 */
export function engineMemory(): EngineMemory {
  return idle.pop() ?? new WasmEngine();
}

const PAGE = 65_536;

class WasmEngine implements EngineMemory {
  /** The first page is the module's. */
  readonly start = PAGE;
  readonly kernels: EngineKernels;
  private readonly memory: WasmMemory = wasmMemory(64);

  constructor() {
    this.kernels = loadEngine(this.memory);
  }

  reserve(bytes: number): void {
    const { byteLength } = this.memory.buffer;
    // What a larger network before this one has used beyond may keep its numbers.
    new Uint8Array(this.memory.buffer, 0, Math.min(bytes, byteLength)).fill(0, this.start);
    const missing = Math.ceil((bytes - byteLength) / PAGE);
    if (missing <= 0) return;
    try {
      this.memory.grow(missing);
    } catch {
      throw new UnsupportedError(
        `A network of ${(bytes / 2 ** 30).toFixed(1)} GB`,
        'WebAssembly holds 4 GB at most, and no more than is free: take a smaller batch.',
      );
    }
  }

  floats(at: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, count);
  }

  ints(at: number, count: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, count);
  }

  release(): void {
    if (!idle.includes(this)) idle.push(this);
  }
}
