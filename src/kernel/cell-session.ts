import type { MimeBundle } from '../notebook/sink.js';
import type { Breakable } from './breakable.js';
import { asCell, type CellContext } from './cell-context.js';
import { type CellError, InterruptedError, thrownError, typeError } from './cell-error.js';
import { cellRunner } from './cell-runner.js';
import type { Publish } from './cell-streams.js';
import type { JsonObject } from './jupyter-wire.js';
import type { ShellRequest } from './thread-messages.js';
import { type CompiledCell, type TslabCompiler, tslabCompiler } from './tslab-adapter.js';

/** One cell that was run, as `history_request` asks for it. */
export interface HistoryEntry {
  readonly line: number;
  readonly source: string;
  readonly output: string | null;
}

/** The state of a notebook: what its cells declared, how many there were. */
export interface CellSession {
  readonly compiler: TslabCompiler;
  readonly declarations: string;
  readonly history: readonly HistoryEntry[];
  /** Runs an execute request and publishes what it shows. @returns the content of the reply; never rejects. */
  execute(request: ShellRequest): Promise<JsonObject>;
  interrupt(): void;
  /** Ends what the running cell waits for with an error. */
  fail(error: Error): void;
}

/** @param toBundle makes the forms in which a result is shown. */
export function cellSession(
  folder: string,
  computing: Breakable,
  publish: Publish,
  toBundle: (value: unknown) => Promise<MimeBundle>,
): CellSession {
  const compiler = tslabCompiler(folder);
  const runner = cellRunner(folder, computing);
  const history: HistoryEntry[] = [];
  let declarations = '';
  let count = 0;
  let unnamed = 0;

  const outcome = async (source: string, name: string, context: CellContext): Promise<{ value: unknown } | CellError> => {
    // The compiler is inside, too: whatever fails, the cell says so.
    try {
      const problems = compiler.addModule(source);
      if (problems !== null) return problems.length > 0 ? typeError(problems, source) : { value: undefined };
      const compiled = compiler.compile(declarations, source);
      if (isProblems(compiled)) return typeError(compiled, source);
      const value = await runner.run(compiled, name, source, context);
      declarations = compiled.declarations;
      return { value };
    } catch (error) {
      return thrownError(error);
    }
  };

  /** Each expression is a cell of its own that leaves nothing behind. */
  const expressions = async (asked: unknown, context: CellContext): Promise<JsonObject> => {
    const values: Record<string, unknown> = {};
    for (const [name, source] of Object.entries((asked ?? {}) as Record<string, unknown>)) {
      const before = declarations;
      const made = await outcome(String(source), `*${++unnamed}`, context);
      declarations = before;
      values[name] =
        'ename' in made ? { status: 'error', ...made } : { status: 'ok', data: await toBundle(made.value), metadata: {} };
    }
    return values;
  };

  const execute = async ({ header, content }: ShellRequest): Promise<JsonObject> => {
    const source = String(content.code ?? '');
    const silent = content.silent === true;
    const kept = !silent && content.store_history !== false;
    if (kept && source.trim() !== '') count++;
    const show = (type: string, shown: JsonObject): void => {
      if (!silent) publish(header, type, shown);
    };
    show('execute_input', { code: source, execution_count: count });
    const context: CellContext = { parent: header, silent, controller: new AbortController() };
    let output: string | null = null;
    let made = await asCell(context, () => outcome(source, kept ? String(count) : `*${++unnamed}`, context));
    if (!('ename' in made) && made.value !== undefined && made.value !== null) {
      try {
        const { value } = made;
        const data = await asCell(context, () => toBundle(value));
        output = data['text/plain'];
        show('execute_result', { execution_count: count, data, metadata: {} });
      } catch (error) {
        made = thrownError(error);
      }
    }
    if (kept && source.trim() !== '') history.push({ line: count, source, output });
    if ('ename' in made) {
      show('error', made);
      return { status: 'error', execution_count: count, ...made, payload: [], user_expressions: {} };
    }
    const user_expressions = await asCell(context, () => expressions(content.user_expressions, context));
    return { status: 'ok', execution_count: count, payload: [], user_expressions };
  };

  return {
    compiler,
    get declarations() {
      return declarations;
    },
    history,
    execute,
    interrupt: () => runner.interrupt(new InterruptedError()),
    fail: (error) => runner.interrupt(error),
  };
}

function isProblems(
  made: CompiledCell | readonly unknown[],
): made is Extract<ReturnType<TslabCompiler['compile']>, readonly unknown[]> {
  return Array.isArray(made);
}
