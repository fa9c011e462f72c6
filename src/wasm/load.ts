import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DataError, UnsupportedError } from '../core/base/errors.js';

/** The memory that a module works in. `buffer` is another one after it has grown: ask again. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** @param pages of 64 KiB. */
  grow(pages: number): number;
}

export type WasmModuleName = 'kernels' | 'engine';

/** The part of the language's WebAssembly that is used here; its types come with the browser's library only. */
interface WebAssemblyApi {
  readonly Memory: new (size: { readonly initial: number; readonly maximum?: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: unknown };
}
const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;

const compiled = new Map<WasmModuleName, object>();

/**
 * Memory of its own for a module. Each takes gigabytes of addresses, whatever its size, until it is collected.
 * @param pages of 64 KiB. @throws UnsupportedError when none is free.
 */
export function wasmMemory(pages: number): WasmMemory {
  try {
    return new Memory({ initial: pages });
  } catch {
    throw new UnsupportedError(
      `Another ${Math.ceil(pages / 16)} MB of WebAssembly memory`,
      'This process has none left: release networks that are done with, or work in fewer threads.',
    );
  }
}

/**
 * The functions of one of our modules, over a memory that the caller lays out; the modules keep nothing in it themselves.
 * @throws DataError when the module has not been built.
 */
export function loadWasm<Exports>(name: WasmModuleName, memory: WasmMemory): Exports {
  return new Instance(compiledModule(name), { env: { memory } }).exports as Exports;
}

/** Compiled once a thread. */
function compiledModule(name: WasmModuleName): object {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  // The same place from the sources and from the built package.
  const path = fileURLToPath(new URL(`../../dist/wasm/${name}.wasm`, import.meta.url));
  if (!existsSync(path)) {
    throw new DataError({ path, expected: 'the compiled WebAssembly module', got: 'no file', fix: 'Run: npm run build' });
  }
  const module = new Module(readFileSync(path));
  compiled.set(name, module);
  return module;
}
