import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** As the engine of the language refuses when no room for another memory is left. */
class NoMemory {
  constructor() {
    throw new RangeError('WebAssembly.Memory(): could not allocate memory');
  }
}

const scope = globalThis as unknown as { WebAssembly: object };
const whole = scope.WebAssembly;
beforeEach(() => {
  vi.resetModules();
  scope.WebAssembly = new Proxy(whole, { get: (target, name) => (name === 'Memory' ? NoMemory : Reflect.get(target, name)) });
});
afterEach(() => {
  scope.WebAssembly = whole;
});

test('where no memory is free the error says how much was asked for and what to do', async () => {
  const { wasmMemory } = await import('../../src/wasm/load.js');
  expect(() => wasmMemory(64)).toThrow(/4 MB of WebAssembly memory.*not supported.*release/);
});

test('trees then count in plain arrays', async () => {
  const { simdHistograms } = await import('../../src/wasm/histograms.js');
  expect(simdHistograms(1024, 3)).toBeNull();
});
