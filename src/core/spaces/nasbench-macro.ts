import type { SequenceGraph, Vocabulary } from '../ir/cell-graph.js';
import { Cursor } from './cursor.js';
import type { ArchId, SearchSpace } from './space.js';
import { readDigits, readTuple, writeTuple } from './tuple.js';

type Macro = ArchId<'nasbench-macro'>;

/** In the numbering of the benchmark's digits: expansion 3 with a 3x3 kernel, expansion 6 with a 5x5 one. */
const vocabulary: Vocabulary = {
  markers: [],
  ops: ['identity', 'mb3_k3', 'mb6_k5'],
  phantoms: [],
  zero: null,
};

const LENGTH = 8;
const range = { count: LENGTH, low: 0, high: 2, says: 'a block' };
/** Width and resolution follow the place, not the block. */
const properties: SequenceGraph['properties'] = { identity: {}, mb3_k3: {}, mb6_k5: {} };

/**
 * NAS-Bench-Macro's networks: a block for each of eight places. `sample` is uniform over the 3^8; `all` counts up.
 */
export const nasbenchMacro: SearchSpace<'nasbench-macro', SequenceGraph> = {
  id: 'nasbench-macro',
  title: 'NAS-Bench-Macro',
  cite: 'Su et al. 2021, arXiv 2103.11922',
  vocabulary,
  size: 3 ** LENGTH,
  encodings: [
    { id: 'numbers', says: 'tuple: a block number for each place', example: '(0, 2, 0, 1, 2, 1, 0, 0)' },
    { id: 'digits', says: "the benchmark's own text: the tuple as digits", example: '02012100' },
  ],
  parse(text) {
    const cursor = new Cursor('nasbench-macro', text);
    cursor.skipBlanks();
    if (/[([]/.test(cursor.peek())) return write(readTuple(cursor, range));
    const blocks = readDigits(cursor, range);
    cursor.end();
    return write(blocks);
  },
  format: (arch) => blocksOf(arch).join(''),
  toGraph: (arch) => ({
    kind: 'sequence',
    space: 'nasbench-macro',
    vocabulary,
    blocks: blocksOf(arch).map((block) => vocabulary.ops[block]),
    properties,
    maxLength: LENGTH,
  }),
  sample: (rng) => write(Array.from({ length: LENGTH }, () => rng.int(3))),
  *all() {
    for (let which = 0; which < 3 ** LENGTH; which++) {
      yield write(Array.from({ length: LENGTH }, (_, i) => Math.floor(which / 3 ** (LENGTH - 1 - i)) % 3));
    }
  },
  neighbours(arch) {
    const here = blocksOf(arch);
    return here.flatMap((old, i) =>
      [0, 1, 2].flatMap((block) => (block === old ? [] : [write(here.map((other, k) => (k === i ? block : other)))])),
    );
  },
  canonical: (arch) => arch,
  /** The benchmark trained each code by itself: itself. */
  identity: (arch) => arch,
};

function write(blocks: readonly number[]): Macro {
  return writeTuple(blocks) as Macro;
}

function blocksOf(arch: Macro): number[] {
  return Array.from({ length: LENGTH }, (_, i) => arch.charCodeAt(3 * i + 1) - 48);
}
