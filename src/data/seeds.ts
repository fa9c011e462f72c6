import { ParseError, ShapeError } from '../core/base/errors.js';

/** A count (`20`: the protocol's first 20), a range (`'42-61'`, as on the command line) or a list. */
export type Seeds = number | string | readonly number[];

const MOST = 100_000;

/** @param first the seed that a count begins with. @throws ParseError when a text is no range; ShapeError when a count is out of range. */
export function seedList(seeds: Seeds, first: number): readonly number[] {
  if (typeof seeds === 'string') return seedRange('seeds', seeds);
  if (typeof seeds !== 'number') return seeds;
  if (Number.isInteger(seeds) && seeds >= 1 && seeds <= MOST) return Array.from({ length: seeds }, (_, i) => first + i);
  throw new ShapeError({ argument: 'seeds', expected: `a count in 1..${MOST}, '42-61' or a list`, got: `${seeds}` });
}

/** `42-61`, both ends in, or one number. @param what the argument, for the error. @throws ParseError. */
export function seedRange(what: string, text: string): number[] {
  const found = /^(\d+)(?:-(\d+))?$/.exec(text.trim());
  const from = Number(found?.[1]);
  const to = Number(found?.[2] ?? found?.[1]);
  if (found === null || to < from || to - from >= MOST || to > 0xffffffff) {
    throw new ParseError({ what, text, at: 0, expected: 'first-last, as 42-91, or one whole number' });
  }
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
