import { DataError } from '../../core/base/errors.js';
import { InertRecord, NumpyArray, type PickleValue, pickleField } from './pickle-value.js';

/** A pandas DataFrame's columns by name, each in the kind of array that it was kept in. */
export type PickledFrame = ReadonlyMap<string, ArrayLike<PickleValue>>;

/**
 * The columns of a pickled pandas DataFrame, which `readPickle` keeps as inert records: pandas holds columns of one type
 * together as the rows of a block. Reads both ways in which versions 0.14 to 2 write blocks; columns that are not numpy
 * arrays (texts in pandas 3) are left out.
 * @throws DataError when the value is no such frame.
 */
export function pickledFrame(value: PickleValue, path: string): PickledFrame {
  const wrong = (expected: string): DataError =>
    new DataError({ path, expected, got: 'another value', fix: 'Write the table as CSV, or with pandas 0.14 to 2.' });
  const manager = pickleField(value, '_data') ?? pickleField(value, '_mgr');
  if (!(value instanceof InertRecord && value.class.endsWith('DataFrame')) || !(manager instanceof InertRecord)) {
    throw wrong('a pickled pandas DataFrame');
  }
  const columns = new Map<string, ArrayLike<PickleValue>>();
  for (const { names, block } of Array.isArray(manager.state) ? namedBlocks(manager.state) : placedBlocks(manager.args)) {
    const [count, rows] = block.shape;
    if (names.length !== count || block.shape.length !== 2) throw wrong('a name for each row of a block');
    const values = block.values as PickleValue[];
    names.forEach((name, i) => {
      columns.set(name, values.slice(i * rows, (i + 1) * rows));
    });
  }
  if (columns.size === 0) throw wrong('blocks of columns');
  return columns;
}

interface NamedBlock {
  readonly names: readonly string[];
  readonly block: NumpyArray;
}

/** `(axes, blocks, the names in each, …)`. */
function namedBlocks(state: readonly PickleValue[]): NamedBlock[] {
  const [, blocks, names] = state;
  if (!Array.isArray(blocks) || !Array.isArray(names)) return [];
  return blocks.flatMap((block, i) => (block instanceof NumpyArray ? [{ names: indexNames(names[i]), block }] : []));
}

/** `(blocks, axes)`, a block being a call with its values and the slice of the columns that it holds. */
function placedBlocks([blocks, axes]: readonly PickleValue[]): NamedBlock[] {
  const all = Array.isArray(axes) ? indexNames(axes[0]) : [];
  if (!Array.isArray(blocks)) return [];
  return blocks.flatMap((call) => {
    const [block, place] = call instanceof InertRecord ? call.args : [];
    if (!(block instanceof NumpyArray)) return [];
    return [{ names: placesIn(place).map((i) => all[i] ?? ''), block }];
  });
}

function placesIn(place: PickleValue | undefined): number[] {
  if (place instanceof NumpyArray) return Array.from(place.values as ArrayLike<number | bigint>, Number);
  const [start, stop, step] = place instanceof InertRecord ? place.args.map(Number) : [];
  const places: number[] = [];
  if (step > 0) for (let i = start; i < stop && places.length < 1e6; i += step) places.push(i);
  return places;
}

function indexNames(index: PickleValue | undefined): string[] {
  const parts = index instanceof InertRecord ? index.args[1] : undefined;
  const data = parts instanceof Map ? parts.get('data') : undefined;
  return data instanceof NumpyArray ? Array.from(data.values as ArrayLike<unknown>, String) : [];
}
