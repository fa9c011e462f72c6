import type { EngineMemory } from './engine-memory.js';

const ALIGN = 16;
/** Kernels read, and make no use of, a little past the end of what they are given. */
const SLACK = 256;

/** Lays out memory before there is any: places are in bytes, 16-byte aligned. */
export class Arena {
  private end: number;
  private readonly free: { at: number; bytes: number }[] = [];

  constructor(private readonly memory: EngineMemory) {
    this.end = memory.start;
  }

  /** Memory that may have been another's before, and may be given back. */
  take(bytes: number): number {
    const size = rounded(bytes);
    let best = -1;
    for (let i = 0; i < this.free.length; i++) {
      if (this.free[i].bytes >= size && (best < 0 || this.free[i].bytes < this.free[best].bytes)) best = i;
    }
    if (best < 0) return this.keep(size);
    const { at, bytes: found } = this.free[best];
    this.free.splice(best, 1);
    if (found > size) this.give(at + size, found - size);
    return at;
  }

  give(at: number, bytes: number): void {
    let from = at;
    let to = at + rounded(bytes);
    for (let i = this.free.length - 1; i >= 0; i--) {
      const hole = this.free[i];
      if (hole.at + hole.bytes === from) from = hole.at;
      else if (hole.at === to) to = hole.at + hole.bytes;
      else continue;
      this.free.splice(i, 1);
    }
    this.free.push({ at: from, bytes: to - from });
  }

  /** Memory that no one else ever has: zero until it is written. */
  keep(bytes: number): number {
    const at = this.end;
    this.end += rounded(bytes);
    return at;
  }

  /** Makes it real. @returns its bytes. */
  settle(): number {
    this.memory.reserve(this.end + SLACK);
    return this.end - this.memory.start;
  }

  floats(at: number, count: number): Float32Array {
    return this.memory.floats(at, count);
  }

  ints(at: number, count: number): Int32Array {
    return this.memory.ints(at, count);
  }
}

function rounded(bytes: number): number {
  return Math.ceil(bytes / ALIGN) * ALIGN;
}
