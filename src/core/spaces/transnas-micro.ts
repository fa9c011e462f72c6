import type { EdgeGraph, Vocabulary } from '../ir/cell-graph.js';
import { functionalClass } from './cell-function.js';
import { Cursor } from './cursor.js';
import { fourNodeCell } from './four-node-cell.js';
import type { SearchSpace } from './space.js';
import { readDigits, readTuple } from './tuple.js';

const vocabulary: Vocabulary = {
  markers: [],
  ops: ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3'],
  // The code behind the published numbers counts it here too: a column that is always zero.
  phantoms: ['avg_pool_3x3'],
  zero: 'none',
};

/** Tuples group the edges by target, as the native string does. */
const cell = fourNodeCell('transnas-micro', vocabulary, [
  [0, 1],
  [0, 2],
  [1, 2],
  [0, 3],
  [1, 3],
  [2, 3],
]);

/** Every micro network has the same skeleton; the macro space varies it. */
const SKELETON = '64-41414-';

/** TransNAS-Bench-101's cells. `sample` is uniform over the 4,096 strings; `all` counts up in tuple order. */
export const transnasMicro: SearchSpace<'transnas-micro', EdgeGraph> = {
  id: 'transnas-micro',
  title: 'TransNAS-Bench-101, cell level',
  cite: 'Duan et al. 2021, arXiv 2105.11871',
  vocabulary,
  size: cell.size,
  encodings: [
    { id: 'naslib', says: 'NASLib tuple: an operation number for each edge', example: '(3, 1, 2, 0, 1, 3)' },
    { id: 'arch-string', says: "the benchmark's own string", example: '64-41414-3_12_013' },
    { id: 'digits', says: 'the tuple as six digits', example: '312013' },
  ],
  parse(text) {
    if (cell.isArch(text)) return text;
    const cursor = new Cursor('transnas-micro', text);
    cursor.skipBlanks();
    const first = cursor.peek();
    if (first === '(' || first === '[') return cell.write(readTuple(cursor, cell.range));
    if (!/\d/.test(first)) throw cursor.problem(`"(" of a tuple, "${SKELETON}", or six digits`);
    const ops = first === '6' ? readNative(cursor) : readDigits(cursor, cell.range);
    cursor.end();
    return cell.write(ops);
  },
  format(arch) {
    const digits = cell.ops(arch).join('');
    return `${SKELETON}${digits.slice(0, 1)}_${digits.slice(1, 3)}_${digits.slice(3)}`;
  },
  toGraph: cell.toGraph,
  sample: cell.sample,
  all: cell.all,
  neighbours: cell.neighbours,
  canonical: cell.canonical,
  /** The benchmark publishes no rule of its own: `functionalClass`, 871 classes. */
  identity: (arch) => functionalClass(cell.toGraph(arch)),
};

/** `64-41414-a_bc_def`. */
function readNative(cursor: Cursor): number[] {
  cursor.expect(SKELETON);
  return [1, 2, 3].flatMap((count) => {
    if (count > 1) cursor.expect('_');
    return readDigits(cursor, { ...cell.range, count });
  });
}
