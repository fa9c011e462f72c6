/**
 * The only file that knows tslab's insides (1.0.22); long because all of them are here, with their shapes. Of tslab the
 * converter is used: it checks a cell against what the cells before declared and turns it into JavaScript. Two of the
 * compiler functions that it calls are wrapped on the way: the one that sets the compiler up (packages and types for
 * notebooks in any folder, source maps, variables of earlier cells), and the one that makes CommonJS (source maps again, and a cell that can be stopped
 * at each of its awaits).
 */

import { createRequire } from 'node:module';
import { typePaths, typeRoots } from './provided-packages.js';
import { composed, type PlaceMap, placeMap } from './source-lines.js';

/** A cell's code as the compiler made it. */
export interface CompiledCell {
  /** CommonJS over `exports` and `require`, without a wrapper. */
  readonly code: string;
  /**
   * What the code must be wrapped in: a plain function, a generator that yields what the cell awaits, or, where the cell
   * has a `for await` outside any function, an async function.
   */
  readonly shape: 'plain' | 'generator' | 'async';
  /** The exported name under which the value of the last expression stands. */
  readonly lastExpression: string | undefined;
  /** What this and the earlier cells declare; the next cell is checked against it. */
  readonly declarations: string;
  /** Other TypeScript files that the cell imports, as CommonJS. */
  readonly files: readonly { readonly path: string; readonly data: string }[];
  /** From lines of `code` to lines of the cell. */
  readonly places: PlaceMap;
}

/** What the compiler does not accept. Line and column from 0. */
export interface CellProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** Another file than the cell, relative to the kernel's folder. */
  readonly file: string | undefined;
  readonly code: number;
}

export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
}

export type Completeness =
  | { readonly status: 'complete' | 'invalid' }
  | { readonly status: 'incomplete'; readonly indent: string };

/** What stands under the cursor: its declaration, and what its author wrote about it. */
export interface QuickInfo {
  readonly declaration: string;
  readonly documentation: string;
}

export interface TslabCompiler {
  compile(declarations: string, source: string): CompiledCell | readonly CellProblem[];
  /** Keeps a cell that starts with a comment `@module name` as a file of that name. */
  addModule(source: string): readonly CellProblem[] | null;
  complete(declarations: string, source: string, position: number): Completion;
  inspect(declarations: string, source: string, position: number): QuickInfo | null;
  completeness(source: string): Completeness;
  readonly version: string;
}

/** The compiler for notebooks of a folder. Takes a second or so. */
export function tslabCompiler(folder: string): TslabCompiler {
  const load = createRequire(createRequire(import.meta.url).resolve('tslab/package.json'));
  const ts = wrapCompiler(load, folder);
  const { createConverter, isCompleteCode } = load('./dist/converter') as ConverterModule;
  const { getCodeMetadata } = load('./dist/metadata') as MetadataModule;
  const converter = createConverter({ isJS: false, isBrowser: false });
  return {
    version: ts.api.version,
    compile(declarations, source) {
      ts.lastCell = null;
      const made = converter.convert(declarations, source);
      if (made.diagnostics.length > 0) return made.diagnostics.map(problem);
      const cell = ts.lastCell as CommonJs | null;
      return {
        code: cell === null ? '' : cell.code,
        shape: cell?.shape ?? 'plain',
        lastExpression: made.lastExpressionVar,
        declarations: made.declOutput ?? '',
        files: made.sideOutputs ?? [],
        places: cell === null ? () => null : inCell(cell.places, source),
      };
    },
    addModule(source) {
      const about = getCodeMetadata(source);
      return about.module === undefined ? null : converter.addModule(about.module, source, about).map(problem);
    },
    complete(declarations, source, position) {
      const { start, end, candidates } = converter.complete(declarations, source, position);
      return { start, end, names: candidates };
    },
    inspect(declarations, source, position) {
      const info = converter.inspect(declarations, source, position);
      if (info === undefined) return null;
      const tags = (info.tags ?? []).map((tag) => `@${tag.name} ${text(tag.text)}`.trim());
      return {
        declaration: text(info.displayParts),
        documentation: [text(info.documentation), ...tags].filter((part) => part !== '').join('\n'),
      };
    },
    completeness: (source) => completeness(ts.api, source, isCompleteCode),
  };
}

/** Sends what tslab's own `display` shows to the kernel. */
export function catchTslabDisplays(take: (content: DisplayContent, update: boolean) => void): void {
  const load = createRequire(createRequire(import.meta.url).resolve('tslab/package.json'));
  const jupyter = load('./dist/jupyter') as { lastWriteDisplayData: unknown };
  jupyter.lastWriteDisplayData = (content: DisplayContent, update?: boolean) => take(content, update === true);
}

/** What `import … from 'tslab'` gives to a notebook. */
export function tslabModule(): unknown {
  return createRequire(import.meta.url)('tslab');
}

/** A display message as tslab's own functions make it. */
export interface DisplayContent {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

interface CommonJs {
  readonly code: string;
  readonly places: PlaceMap;
  readonly shape: CompiledCell['shape'];
}

interface Wrapped {
  readonly api: TypeScript;
  /** What the converter compiled last that was a cell. */
  lastCell: CommonJs | null;
}

/** Puts a copy of the compiler's module, two functions of it wrapped, where tslab will find it. */
function wrapCompiler(load: NodeJS.Require, folder: string): Wrapped {
  const id = '@tslab/typescript-for-tslab';
  const original = load(id) as TypeScript;
  const api = Object.fromEntries(Object.keys(original).map((name) => [name, original[name]])) as unknown as TypeScript;
  const wrapped: Wrapped = { api, lastCell: null };
  api.createWatchCompilerHost = (files, options, system, ...rest) => {
    const host = original.createWatchCompilerHost(
      files,
      {
        ...options,
        inlineSourceMap: true,
        paths: typePaths(folder),
        typeRoots: typeRoots((options.typeRoots as string[] | undefined) ?? []),
        // The types of every package in reach would cost half a second and put test runners' globals into notebooks.
        types: ['node'],
      },
      withTwoTimers(system),
      ...rest,
    );
    const { createProgram } = host;
    host.createProgram = (...program) => {
      const builder = createProgram(...program);
      const { emit } = builder;
      builder.emit = (file, write, token, onlyTypes, transformers) =>
        emit.call(builder, file, write, token, onlyTypes, { ...transformers, before: [namesEarlierCells(original, builder)] });
      return builder;
    };
    return host;
  };
  api.transpileModule = (js, options) => {
    const { code, map } = withoutMap(js);
    let shape: CompiledCell['shape'] = 'plain';
    const yielding = (context: TransformationContext) => (file: Node) => {
      const made = yieldsForAwaits(original, context, file);
      shape = made.shape;
      return made.file;
    };
    const made = original.transpileModule(code, {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
      transformers: { before: [yielding] },
    });
    const outputText = made.outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, '');
    const last = placeMap((JSON.parse(made.sourceMapText) as { mappings: string }).mappings);
    wrapped.lastCell = { code: outputText, places: map === '' ? last : composed(last, placeMap(map)), shape };
    return { ...made, outputText };
  };
  (load.cache[load.resolve(id)] as NodeModule).exports = api;
  return wrapped;
}

/**
 * The compiler sets two timers: one to compile anew, one to forget what it did not find where files have come since. tslab
 * has room for one, and every cell after a new file near the notebook would fail. The second is not needed: what was not
 * found is looked for again whenever a cell is compiled.
 */
function withTwoTimers(system: Timers): Timers {
  const { setTimeout, clearTimeout } = system;
  const unneeded = {};
  system.setTimeout = (callback, ms) =>
    callback.name === 'invalidateResolutionsOfFailedLookup' ? unneeded : setTimeout(callback, ms);
  system.clearTimeout = (timer) => {
    if (timer !== unneeded) clearTimeout(timer);
  };
  return system;
}

/** The file of that name holds what earlier cells declared. */
const EARLIER = /__prev__\.d\.ts$/;

/** tslab reads a variable of an earlier cell from the object of all variables, but overlooks `{ name }`. */
function namesEarlierCells(ts: TypeScript, builder: Builder): (context: TransformationContext) => (file: Node) => Node {
  const checker = builder.getProgram().getTypeChecker();
  return (context) => {
    const visit = (node: Node): Node => {
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isShorthandPropertyAssignment(node)) return visited;
      const declared = checker.getShorthandAssignmentValueSymbol(node)?.declarations ?? [];
      if (!declared.some((declaration) => EARLIER.test(declaration.getSourceFile().fileName))) return visited;
      const name = node.name as Node;
      const variable = ts.factory.createPropertyAccessExpression(ts.factory.createIdentifier('exports'), name);
      const otherwise = node.objectAssignmentInitializer as Node | undefined;
      const value =
        otherwise === undefined ? variable : ts.factory.createAssignment(variable, ts.visitEachChild(otherwise, visit, context));
      return ts.setTextRange(ts.factory.createPropertyAssignment(name, value), node);
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}

/** The code and the mappings of the source map at its end. */
function withoutMap(js: string): { readonly code: string; readonly map: string } {
  const found = /\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(js);
  if (found === null) return { code: js, map: '' };
  const json = JSON.parse(Buffer.from(found[1], 'base64').toString('utf8')) as { mappings: string };
  return { code: js.slice(0, found.index), map: json.mappings };
}

/**
 * Every `await` outside functions becomes a `yield`, so that the kernel takes the steps: it can stop a busy loop after an
 * await, and a cell that was interrupted does not go on behind its back.
 * A `for await` outside functions, which a generator does not have, leaves the file as it is.
 */
function yieldsForAwaits(
  ts: TypeScript,
  context: TransformationContext,
  file: Node,
): { file: Node; shape: CompiledCell['shape'] } {
  let awaits = false;
  let loops = false;
  const visit = (node: Node): Node => {
    if (ts.isFunctionLike(node)) return node;
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) loops = true;
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isAwaitExpression(visited)) return visited;
    awaits = true;
    const made = ts.factory.createYieldExpression(undefined, visited.expression as Node);
    return ts.factory.createParenthesizedExpression(ts.setTextRange(made, node));
  };
  const made = ts.visitEachChild(file, visit, context);
  if (loops) return { file, shape: 'async' };
  return awaits ? { file: made, shape: 'generator' } : { file, shape: 'plain' };
}

/** The converter puts one line before the cell and one after it. */
function inCell(places: PlaceMap, source: string): PlaceMap {
  const lines = source.split('\n').length;
  return (place) => {
    const found = places(place);
    return found === null ? null : { line: Math.max(0, Math.min(found.line - 1, lines - 1)), column: found.column };
  };
}

function problem(diagnostic: TslabDiagnostic): CellProblem {
  return {
    message: diagnostic.messageText,
    line: diagnostic.start.line,
    column: diagnostic.start.character,
    length: Math.max(1, diagnostic.end.offset - diagnostic.start.offset),
    file: diagnostic.fileName,
    code: diagnostic.code,
  };
}

/** Unterminated template, comment and the like: more text could mend them. */
const UNFINISHED: ReadonlySet<number> = new Set([1160, 1010, 1126]);

function completeness(ts: TypeScript, source: string, isCompleteCode: ConverterModule['isCompleteCode']): Completeness {
  const file = ts.createSourceFile('cell.ts', source, ts.ScriptTarget.Latest, undefined, ts.ScriptKind.TS);
  const problems = file.parseDiagnostics ?? [];
  if (problems.length === 0) return { status: 'complete' };
  const end = source.trimEnd().length;
  const atEnd = problems.some((found) => found.start >= end || UNFINISHED.has(found.code));
  if (!atEnd) return { status: 'invalid' };
  const lastLine = source.slice(source.lastIndexOf('\n') + 1);
  const indent = isCompleteCode(source).indent ?? (/^\s*/.exec(lastLine) as RegExpExecArray)[0];
  return { status: 'incomplete', indent };
}

function text(parts: readonly { readonly text: string }[] | undefined): string {
  return (parts ?? []).map((part) => part.text).join('');
}

// The shapes of what is used of tslab and its compiler.

interface Node {
  readonly kind: number;
  readonly [field: string]: unknown;
}

interface TransformationContext {
  readonly factory: unknown;
}

interface TranspileOptions {
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  readonly transformers?: { readonly before: readonly ((context: TransformationContext) => (file: Node) => Node)[] };
}

interface Timers {
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

interface Builder {
  getProgram(): {
    getTypeChecker(): {
      getShorthandAssignmentValueSymbol(
        node: Node,
      ): { readonly declarations?: readonly { getSourceFile(): { readonly fileName: string } }[] } | undefined;
    };
  };
  emit(file: unknown, write: unknown, token: unknown, onlyTypes: unknown, transformers: object): unknown;
}

interface TypeScript {
  readonly version: string;
  readonly ScriptTarget: { readonly Latest: number };
  readonly ScriptKind: { readonly TS: number };
  readonly factory: {
    createIdentifier(name: string): Node;
    createPropertyAccessExpression(of: Node, name: Node): Node;
    createPropertyAssignment(name: Node, value: Node): Node;
    createAssignment(to: Node, value: Node): Node;
    createYieldExpression(asterisk: undefined, expression: Node): Node;
    createParenthesizedExpression(expression: Node): Node;
  };
  createWatchCompilerHost(
    files: readonly string[],
    options: Readonly<Record<string, unknown>>,
    system: Timers,
    ...rest: unknown[]
  ): { createProgram(...program: unknown[]): Builder };
  isShorthandPropertyAssignment(node: Node): boolean;
  transpileModule(
    js: string,
    options: TranspileOptions,
  ): { readonly outputText: string; readonly sourceMapText: string; readonly [field: string]: unknown };
  createSourceFile(
    name: string,
    text: string,
    target: number,
    setParents: undefined,
    kind: number,
  ): { readonly parseDiagnostics?: readonly { readonly start: number; readonly code: number }[] };
  isFunctionLike(node: Node): boolean;
  isForOfStatement(node: Node): boolean;
  isAwaitExpression(node: Node): boolean;
  visitEachChild(node: Node, visit: (node: Node) => Node, context: TransformationContext): Node;
  setTextRange(node: Node, place: Node): Node;
  readonly [field: string]: unknown;
}

interface TslabDiagnostic {
  readonly start: { readonly offset: number; readonly line: number; readonly character: number };
  readonly end: { readonly offset: number };
  readonly messageText: string;
  readonly code: number;
  readonly fileName?: string;
}

interface ConverterModule {
  createConverter(options: { readonly isJS: boolean; readonly isBrowser: boolean }): {
    convert(
      declarations: string,
      source: string,
    ): {
      readonly declOutput?: string;
      readonly diagnostics: readonly TslabDiagnostic[];
      readonly lastExpressionVar?: string;
      readonly sideOutputs?: readonly { readonly path: string; readonly data: string }[];
    };
    addModule(name: string, source: string, about: unknown): readonly TslabDiagnostic[];
    complete(
      declarations: string,
      source: string,
      position: number,
    ): { readonly start: number; readonly end: number; readonly candidates: readonly string[] };
    inspect(
      declarations: string,
      source: string,
      position: number,
    ):
      | {
          readonly displayParts?: readonly { readonly text: string }[];
          readonly documentation?: readonly { readonly text: string }[];
          readonly tags?: readonly { readonly name: string; readonly text?: readonly { readonly text: string }[] }[];
        }
      | undefined;
  };
  isCompleteCode(source: string): { readonly indent?: string };
}

interface MetadataModule {
  getCodeMetadata(source: string): { readonly module?: string; readonly mode?: 'node' | 'browser' };
}
