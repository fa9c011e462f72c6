import type { Cursor } from './cursor.js';
import { type Literal, listOf, readLiteral, wholeIn } from './literal.js';

/** What an encoding's numbers must be. */
export interface NumberRange {
  readonly count: number;
  readonly low: number;
  readonly high: number;
  /** What one number is, for messages. */
  readonly says: string;
}

/** NASLib's tuple text, the form of every `ArchId`: `(4, 0, 3, 1, 4, 3)`. */
export function writeTuple(numbers: readonly number[]): string {
  return `(${numbers.join(', ')})`;
}

/** A flat tuple or list in any spacing: `(4, 0, 3)`, `(4,0,3)`, `[4, 0, 3]`. @throws ParseError */
export function readTuple(cursor: Cursor, range: NumberRange): number[] {
  const items = listOf(cursor, readLiteral(cursor), range.count, `${range.count} numbers`);
  return items.map((item) => inRange(cursor, item, range));
}

function inRange(cursor: Cursor, item: Literal, { low, high, says }: NumberRange): number {
  return wholeIn(cursor, item, low, high, says);
}

/** One digit a number, nothing between them: `403143`. Leaves the cursor after the last. @throws ParseError */
export function readDigits(cursor: Cursor, { count, low, high, says }: NumberRange): number[] {
  const numbers: number[] = [];
  while (numbers.length < count) {
    const digit = cursor.peek();
    if (!(digit >= String(low) && digit <= String(high) && digit.length === 1)) {
      throw cursor.problem(`${count} digits, each ${says}: ${low}..${high}`);
    }
    numbers.push(Number(digit));
    cursor.at++;
  }
  return numbers;
}
