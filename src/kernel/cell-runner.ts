import Module from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import type { Breakable } from './breakable.js';
import type { CellContext } from './cell-context.js';
import { InterruptedError } from './cell-error.js';
import { cellFile, rememberCell } from './cell-stacks.js';
import { notebookRequire } from './provided-packages.js';
import { type CompiledCell, tslabModule } from './tslab-adapter.js';

/** Runs compiled cells, one after the other, over the variables that they share. */
export interface CellRunner {
  /**
   * @param name of the cell in stacks.
   * @returns the value of the last expression, awaited; undefined where there is none. Rejects with what the cell throws, or
   *   with an InterruptedError.
   */
  run(cell: CompiledCell, name: string, source: string, context: CellContext): Promise<unknown>;
  /** Stops the cell that waits for something; `reason` is thrown where it waits. A busy one is stopped by the signal SIGINT. */
  interrupt(reason: Error): void;
}

interface Running {
  readonly context: CellContext;
  /** Ends the wait of the running cell; null while it computes. */
  wake: ((reason: Error) => void) | null;
}

type Cell = (exports: object, require: (id: string) => unknown) => unknown;

const WRAPPERS = {
  plain: '(function (exports, require) {',
  generator: '(function* (exports, require) {',
  async: '(async function (exports, require) {',
} as const;

/** @param folder in which imports are looked for. */
export function cellRunner(folder: string, computing: Breakable): CellRunner {
  const variables = sharedVariables();
  const files = new CellFiles(folder);
  let running: Running | null = null;

  const waitFor = (value: unknown, cell: Running): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const settle = (done: (outcome: never) => void) => (outcome: unknown) => {
        cell.wake = null;
        done(outcome as never);
      };
      cell.wake = settle(reject);
      Promise.resolve(value).then(settle(resolve), settle(reject));
    });

  /** Computes until the next await. */
  const compute = <T>(work: () => T, { context }: Running): T =>
    computing.compute(work, () => {
      const reason = new InterruptedError();
      context.controller.abort(reason);
      return reason;
    });

  const steps = async (generator: Generator, cell: Running): Promise<void> => {
    let step = compute(() => generator.next(), cell);
    while (step.done !== true) {
      let next: () => IteratorResult<unknown>;
      try {
        const value = await waitFor(step.value, cell);
        next = () => generator.next(value);
      } catch (error) {
        next = () => generator.throw(error);
      }
      step = compute(next, cell);
    }
  };

  return {
    async run(compiled, name, source, context) {
      const cell: Running = { context, wake: null };
      files.put(compiled.files);
      rememberCell(name, source, compiled.places);
      const script = new Script(`${WRAPPERS[compiled.shape]}\n${compiled.code}\n})`, {
        filename: cellFile(name),
        lineOffset: -1,
      });
      const body = script.runInThisContext() as Cell;
      running = cell;
      try {
        const made = compute(() => body(variables, files.require), cell);
        if (compiled.shape === 'generator') await steps(made as Generator, cell);
        else if (compiled.shape === 'async') await waitFor(made, cell);
        if (compiled.lastExpression === undefined) return undefined;
        const value = variables[compiled.lastExpression];
        delete variables[compiled.lastExpression];
        return value instanceof Promise ? await waitFor(value, cell) : value;
      } finally {
        running = null;
      }
    },
    interrupt(reason) {
      running?.context.controller.abort(reason);
      running?.wake?.(reason);
    },
  };
}

/**
 * The object on which cells keep what they declare. The compiler exports imports as getters; here they become plain values,
 * so that a later cell may declare the name anew.
 */
function sharedVariables(): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  return new Proxy(variables, {
    defineProperty: (_, name, how) => {
      if (name !== '__esModule') variables[name as string] = how.get === undefined ? how.value : how.get();
      return true;
    },
  });
}

/** TypeScript files that cells import, compiled with them, and `require` for all. */
class CellFiles {
  readonly require: (id: string) => unknown;
  private readonly codes = new Map<string, string>();
  private readonly loaded = new Map<string, NodeModule>();

  constructor(folder: string) {
    this.require = this.requireFrom(folder, notebookRequire(folder));
  }

  /** A file that was compiled anew is loaded anew. */
  put(files: CompiledCell['files']): void {
    for (const { path, data } of files) {
      this.codes.set(path, data);
      this.loaded.delete(path);
    }
  }

  private requireFrom(folder: string, otherwise: (id: string) => unknown): (id: string) => unknown {
    return (id) => {
      if (id === 'tslab') return tslabModule();
      const path = join(folder, id).replaceAll('\\', '/');
      const file = this.codes.has(path) ? path : `${path}.js`;
      const code = this.codes.get(file);
      return code === undefined ? otherwise(id) : this.load(file, code).exports;
    };
  }

  private load(path: string, code: string): NodeModule {
    const known = this.loaded.get(path);
    if (known !== undefined) return known;
    const made = new Module(path) as NodeModule & { _compile(code: string, path: string): void };
    made.filename = path;
    made.paths = (Module as unknown as { _nodeModulePaths(folder: string): string[] })._nodeModulePaths(dirname(path));
    made.require = this.requireFrom(dirname(path), made.require.bind(made)) as NodeJS.Require;
    made._compile(code, path);
    this.loaded.set(path, made);
    return made;
  }
}
