import type { EdgeGraph, Vocabulary } from '../ir/cell-graph.js';
import { uniqueString } from './cell-function.js';
import { Cursor } from './cursor.js';
import { fourNodeCell } from './four-node-cell.js';
import type { ArchId, SearchSpace } from './space.js';
import { readDigits, readTuple } from './tuple.js';

type Nb201 = ArchId<'nasbench201'>;

/** In NASLib's numbering, which GRAF's feature names use; the benchmark's own files number them otherwise. */
const vocabulary: Vocabulary = {
  markers: [],
  ops: ['skip_connect', 'none', 'nor_conv_3x3', 'nor_conv_1x1', 'avg_pool_3x3'],
  phantoms: [],
  zero: 'none',
};

/** Tuples group the edges by source. */
const cell = fourNodeCell('nasbench201', vocabulary, [
  [0, 1],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
  [2, 3],
]);

/** The arch string groups them by target: `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`, here as tuple positions. */
const stringOrder: readonly (readonly number[])[] = [[0], [1, 3], [2, 4, 5]];

/** NAS-Bench-201's cells. `sample` is uniform over the 15,625 strings; `all` counts up in tuple order. */
export const nasbench201: SearchSpace<'nasbench201', EdgeGraph> = {
  id: 'nasbench201',
  title: 'NAS-Bench-201',
  cite: 'Dong and Yang 2020, arXiv 2001.00326',
  vocabulary,
  size: cell.size,
  encodings: [
    { id: 'naslib', says: 'NASLib tuple: an operation number for each edge', example: '(4, 0, 3, 1, 4, 3)' },
    {
      id: 'arch-string',
      says: "the benchmark's own arch string",
      example: '|avg_pool_3x3~0|+|skip_connect~0|none~1|+|nor_conv_1x1~0|avg_pool_3x3~1|nor_conv_1x1~2|',
    },
    { id: 'digits', says: 'the tuple as six digits', example: '403143' },
  ],
  parse(text) {
    if (cell.isArch(text)) return text;
    const cursor = new Cursor('nasbench201', text);
    cursor.skipBlanks();
    const first = cursor.peek();
    if (first === '(' || first === '[') return cell.write(readTuple(cursor, cell.range));
    if (first === '|') return readArchString(cursor);
    if (!/\d/.test(first)) throw cursor.problem('"(" of a tuple, "|" of an arch string, or six digits');
    const ops = readDigits(cursor, cell.range);
    cursor.end();
    return cell.write(ops);
  },
  format(arch) {
    const ops = cell.ops(arch);
    return stringOrder.map((node) => `|${node.map((k, source) => `${vocabulary.ops[ops[k]]}~${source}`).join('|')}|`).join('+');
  },
  toGraph: cell.toGraph,
  sample: cell.sample,
  all: cell.all,
  neighbours: cell.neighbours,
  canonical: cell.canonical,
  /** The benchmark's own unique string, 6,466 classes; `functionalClass` is the stricter rule. */
  identity: (arch) => uniqueString(cell.toGraph(arch)),
};

function readArchString(cursor: Cursor): Nb201 {
  const ops: number[] = [];
  stringOrder.forEach((node, target) => {
    if (target > 0) cursor.expect('+');
    cursor.expect('|');
    node.forEach((position, source) => {
      const at = cursor.at;
      const name = cursor.match(/\w+/y);
      const op = vocabulary.ops.indexOf(name ?? '');
      if (op < 0) throw cursor.problem(`one of ${vocabulary.ops.join(', ')}`, at);
      cursor.expect(`~${source}`);
      cursor.expect('|');
      ops[position] = op;
    });
  });
  cursor.end();
  return cell.write(ops);
}
