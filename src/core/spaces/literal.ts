import type { Cursor } from './cursor.js';

/**
 * A value written as Python's `repr` or as JSON: whole numbers, quoted texts, `(…)`, `[…]`, `{key: …}` and
 * `Name(…, key=…)`. Each part knows its offset, so that whoever gives it a meaning can say where the meaning fails.
 */
export type Literal = NumberLiteral | TextLiteral | ListLiteral | RecordLiteral;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly at: number;
  readonly value: number;
}

export interface TextLiteral {
  readonly kind: 'text';
  readonly at: number;
  readonly value: string;
}

export interface ListLiteral {
  readonly kind: 'list';
  readonly at: number;
  /** Offset of the closing bracket. */
  readonly end: number;
  readonly items: readonly Literal[];
}

export interface RecordLiteral {
  readonly kind: 'record';
  readonly at: number;
  readonly end: number;
  /** `Genotype` of `Genotype(normal=…)`; empty for `{…}`. */
  readonly name: string;
  /** The arguments without a key: 2 and 6 of `range(2, 6)`. */
  readonly items: readonly Literal[];
  readonly fields: ReadonlyMap<string, Literal>;
}

const WHOLE = /-?(?:0|[1-9]\d{0,8})(?![\w.])/y;
const NAME = /[A-Za-z_]\w*/y;
const KEY = /[A-Za-z_]\w*(?=\s*=)/y;
const QUOTED = /"[^"\\]*"|'[^'\\]*'/y;

/** Genotypes nest four deep; anything much deeper is no architecture, and would only exhaust the stack. */
const DEEPEST = 8;

/** Reads one value, up to the end of the text. Nothing is ever evaluated. @throws ParseError */
export function readLiteral(cursor: Cursor): Literal {
  const value = readValue(cursor, 0);
  cursor.end();
  return value;
}

function readValue(cursor: Cursor, depth: number): Literal {
  cursor.skipBlanks();
  const at = cursor.at;
  if (depth > DEEPEST) throw cursor.problem(`at most ${DEEPEST} brackets inside each other`);
  const mark = cursor.peek();
  if (mark === '(' || mark === '[') return readList(cursor, mark === '(' ? ')' : ']', depth);
  if (mark === '{') return readRecord(cursor, '', '}', ':', depth);
  if (mark === '"' || mark === "'") return { kind: 'text', at, value: readQuoted(cursor) };
  if (/[-+.\d]/.test(mark)) return { kind: 'number', at, value: readWhole(cursor) };
  const name = cursor.match(NAME);
  if (name !== null && cursor.peek() === '(') return { ...readRecord(cursor, name, ')', '=', depth), at };
  throw cursor.problem('a bracket, a whole number or a quoted text', at);
}

function readList(cursor: Cursor, close: string, depth: number): ListLiteral {
  const at = cursor.at++;
  const items: Literal[] = [];
  cursor.skipBlanks();
  while (!cursor.eat(close)) {
    if (items.length > 0) separator(cursor, close);
    items.push(readValue(cursor, depth + 1));
    cursor.skipBlanks();
  }
  return { kind: 'list', at, end: cursor.at - 1, items };
}

function readRecord(cursor: Cursor, name: string, close: string, is: string, depth: number): RecordLiteral {
  const at = cursor.at++;
  const items: Literal[] = [];
  const fields = new Map<string, Literal>();
  cursor.skipBlanks();
  while (!cursor.eat(close)) {
    if (items.length + fields.size > 0) separator(cursor, close);
    cursor.skipBlanks();
    const keyAt = cursor.at;
    const key = is === ':' ? readKey(cursor) : cursor.match(KEY);
    if (key === null) {
      items.push(readValue(cursor, depth + 1));
    } else {
      if (fields.has(key)) throw cursor.problem(`"${key}" only once`, keyAt);
      cursor.skipBlanks();
      cursor.expect(is);
      fields.set(key, readValue(cursor, depth + 1));
    }
    cursor.skipBlanks();
  }
  return { kind: 'record', at, end: cursor.at - 1, name, items, fields };
}

function separator(cursor: Cursor, close: string): void {
  if (!cursor.eat(',')) throw cursor.problem(`"," or "${close}"`);
}

function readKey(cursor: Cursor): string {
  if (cursor.peek() !== '"' && cursor.peek() !== "'") throw cursor.problem('a quoted key');
  return readQuoted(cursor);
}

/** Names of operations hold neither quotes nor backslashes, so there are no escapes to undo. */
function readQuoted(cursor: Cursor): string {
  const at = cursor.at;
  const text = cursor.match(QUOTED);
  if (text === null) throw cursor.problem('a quoted text without escapes', at);
  return text.slice(1, -1);
}

function readWhole(cursor: Cursor): number {
  const at = cursor.at;
  const digits = cursor.match(WHOLE);
  if (digits === null) throw cursor.problem('a whole number', at);
  return Number(digits);
}

/** The items of a list. @throws ParseError when it is something else, or has not `count` items. */
export function listOf(cursor: Cursor, value: Literal, count: number, says: string): readonly Literal[] {
  if (value.kind !== 'list') throw cursor.problem(says, value.at);
  if (value.items.length !== count) {
    const surplus = value.items[count];
    throw cursor.problem(`${says}, not ${value.items.length}`, surplus === undefined ? value.end : surplus.at);
  }
  return value.items;
}

/** A whole number in `low` .. `high`. @throws ParseError when it is something else. */
export function wholeIn(cursor: Cursor, value: Literal, low: number, high: number, says: string): number {
  if (value.kind !== 'number' || value.value < low || value.value > high) {
    throw cursor.problem(`${says}: a whole number in ${low}..${high}`, value.at);
  }
  return value.value;
}
