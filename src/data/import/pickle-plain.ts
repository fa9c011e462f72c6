import { DataError } from '../../core/base/errors.js';
import { InertRecord, type PickleValue } from './pickle-value.js';

const MOST_VALUES = 3e6;
const MOST_DEPTH = 1000;

/**
 * A pickled value as JSON has it: records as the objects of their fields, tuples as lists, whole numbers as numbers. What a
 * pickle holds once and names often stands as often, as in a file of JSON.
 * @throws DataError where that would be without end, or larger than any network.
 */
export function plainValue(value: PickleValue, path: string): unknown {
  let left = MOST_VALUES;
  const plain = (part: PickleValue, depth: number): unknown => {
    if (--left < 0 || depth > MOST_DEPTH) {
      const expected = `a value of at most ${MOST_VALUES} parts`;
      throw new DataError({ path, expected, got: 'more, or one that holds itself', fix: 'It is no network.' });
    }
    if (part instanceof InertRecord) return plain(part.state, depth + 1);
    if (Array.isArray(part)) return part.map((item) => plain(item, depth + 1));
    if (part instanceof Map)
      return Object.fromEntries(Array.from(part, ([key, item]) => [String(key), plain(item, depth + 1)] as const));
    return typeof part === 'bigint' ? Number(part) : part;
  };
  return plain(value, 0);
}
