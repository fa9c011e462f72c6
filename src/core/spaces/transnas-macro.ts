import type { SequenceGraph, Vocabulary } from '../ir/cell-graph.js';
import { Cursor } from './cursor.js';
import { readLiteral, wholeIn } from './literal.js';
import type { ArchId, SearchSpace } from './space.js';
import { writeTuple } from './tuple.js';

type Macro = ArchId<'transnas-macro'>;

/** Block number 0 stands for "no block" in one-hot codes; 1..4 are the blocks. */
const vocabulary: Vocabulary = {
  markers: ['absent'],
  ops: ['plain', 'channel', 'stride', 'both'],
  phantoms: [],
  zero: null,
};

const properties: SequenceGraph['properties'] = {
  plain: { channels: false, stride: false },
  channel: { channels: true, stride: false },
  stride: { channels: false, stride: true },
  both: { channels: true, stride: true },
};

const [SHORTEST, LONGEST] = [4, 6];
const RULE = '1..4 blocks that halve the resolution and 1..3 that double the channels';

/**
 * TransNAS-Bench-101's skeletons: 4 to 6 blocks, of which 1..4 halve the resolution and 1..3 double the channels.
 * `sample` is uniform over the 3,256 of them; `all` goes by length, then counts up.
 */
export const transnasMacro: SearchSpace<'transnas-macro', SequenceGraph> = {
  id: 'transnas-macro',
  title: 'TransNAS-Bench-101, skeleton level',
  cite: 'Duan et al. 2021, arXiv 2105.11871',
  vocabulary,
  size: 3256,
  encodings: [
    { id: 'naslib', says: 'NASLib tuple: a block number for each position', example: '(2, 3, 2, 3, 2, 3)' },
    { id: 'arch-string', says: "the benchmark's own string", example: '64-232323-basic' },
    { id: 'digits', says: 'the tuple as digits', example: '232323' },
  ],
  parse(text) {
    const cursor = new Cursor('transnas-macro', text);
    cursor.skipBlanks();
    const start = cursor.at;
    const blocks = /[([]/.test(cursor.peek()) ? readBlocks(cursor) : readString(cursor);
    if (!inSpace(blocks)) throw cursor.problem(RULE, start);
    return write(blocks);
  },
  format: (arch) => `64-${blocksOf(arch).join('')}-basic`,
  toGraph: (arch) => ({
    kind: 'sequence',
    space: 'transnas-macro',
    vocabulary,
    blocks: blocksOf(arch).map((block) => vocabulary.ops[block - 1]),
    properties,
    maxLength: LONGEST,
  }),
  sample(rng) {
    for (;;) {
      let which = rng.int(4 ** 4 + 4 ** 5 + 4 ** 6);
      let length = SHORTEST;
      while (which >= 4 ** length) which -= 4 ** length++;
      const blocks = blocksAt(which, length);
      if (inSpace(blocks)) return write(blocks);
    }
  },
  *all() {
    for (let length = SHORTEST; length <= LONGEST; length++) {
      for (let which = 0; which < 4 ** length; which++) {
        const blocks = blocksAt(which, length);
        if (inSpace(blocks)) yield write(blocks);
      }
    }
  },
  /** One block changed, inside the space; the length stays. */
  neighbours(arch) {
    const here = blocksOf(arch);
    return here
      .flatMap((old, i) => [1, 2, 3, 4].flatMap((block) => (block === old ? [] : [here.map((b, k) => (k === i ? block : b))])))
      .filter(inSpace)
      .map(write);
  },
  canonical: (arch) => arch,
  /** Every skeleton is a network of its own: itself. */
  identity: (arch) => arch,
};

function write(blocks: readonly number[]): Macro {
  return writeTuple(blocks) as Macro;
}

function blocksOf(arch: Macro): number[] {
  return Array.from({ length: arch.length / 3 }, (_, i) => arch.charCodeAt(3 * i + 1) - 48);
}

/** The blocks whose numbers, less one, are the base-4 digits of `which`. */
function blocksAt(which: number, length: number): number[] {
  return Array.from({ length }, (_, i) => (Math.floor(which / 4 ** (length - 1 - i)) % 4) + 1);
}

function inSpace(blocks: readonly number[]): boolean {
  const strides = blocks.filter((block) => block > 2).length;
  const doublings = blocks.filter((block) => block % 2 === 0).length;
  return strides >= 1 && strides <= 4 && doublings >= 1 && doublings <= 3;
}

function readBlocks(cursor: Cursor): number[] {
  const value = readLiteral(cursor);
  const fits = value.kind === 'list' && value.items.length >= SHORTEST && value.items.length <= LONGEST;
  if (!fits) throw cursor.problem(`a tuple of ${SHORTEST}..${LONGEST} numbers`, value.at);
  return value.items.map((item) => wholeIn(cursor, item, 1, 4, 'a block'));
}

function readString(cursor: Cursor): number[] {
  const native = cursor.eat('64-');
  const digits = cursor.match(/[1-4]{0,6}/y) ?? '';
  if (digits.length < SHORTEST) throw cursor.problem(`${SHORTEST}..${LONGEST} digits, each 1..4`);
  if (native) cursor.expect('-basic');
  cursor.end();
  return Array.from(digits, Number);
}
