import type { EngineKernels } from '../../wasm/engine.js';
import { type EngineMemory, engineMemory } from '../engine/engine-memory.js';

/**
 * Memory for a network whose ReLUs can be held as they are: open ones stay open and closed ones closed, whatever their input.
 * Second derivatives as automatic differentiation has them know nothing of ReLUs that turn, differences of gradients do.
 * For networks that keep all activations, where no two ReLUs share a place.
 */
export class FrozenRelus implements EngineMemory {
  readonly kernels: EngineKernels;
  readonly start: number;
  private frozen = false;
  /** By the place of what a ReLU takes: 1 where it is open. */
  private readonly open = new Map<number, Uint8Array>();
  private readonly seen = new Map<number, number>();

  constructor(private readonly memory: EngineMemory = engineMemory()) {
    const { kernels } = memory;
    this.start = memory.start;
    this.kernels = {
      ...kernels,
      relu: (x, y, count) => {
        if (!this.frozen) {
          this.seen.set(x, count);
          kernels.relu(x, y, count);
          return;
        }
        const mask = this.open.get(x) as Uint8Array;
        const [from, to] = [memory.floats(x, count), memory.floats(y, count)];
        for (let i = 0; i < count; i++) to[i] = mask[i] === 1 ? from[i] : 0;
      },
      reluBackward: (x, dy, dx, count, accumulate) => {
        if (!this.frozen) {
          kernels.reluBackward(x, dy, dx, count, accumulate);
          return;
        }
        const mask = this.open.get(x) as Uint8Array;
        const [from, to] = [memory.floats(dy, count), memory.floats(dx, count)];
        for (let i = 0; i < count; i++) to[i] = (accumulate ? to[i] : 0) + (mask[i] === 1 ? from[i] : 0);
      },
    };
  }

  /** Runs something with the ReLUs as the last forward pass left them. */
  hold(work: () => void): void {
    for (const [x, count] of this.seen) {
      const values = this.memory.floats(x, count);
      const mask = new Uint8Array(count);
      for (let i = 0; i < count; i++) mask[i] = values[i] > 0 ? 1 : 0;
      this.open.set(x, mask);
    }
    this.frozen = true;
    try {
      work();
    } finally {
      this.frozen = false;
      this.open.clear();
    }
  }

  reserve(bytes: number): void {
    this.memory.reserve(bytes);
  }

  floats(at: number, count: number): Float32Array {
    return this.memory.floats(at, count);
  }

  ints(at: number, count: number): Int32Array {
    return this.memory.ints(at, count);
  }

  release(): void {
    this.memory.release();
  }
}
