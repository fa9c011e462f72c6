import type { Rng } from '../base/rng.js';
import type { CellStack, EdgeGraph, Vocabulary } from '../ir/cell-graph.js';
import { Cursor } from './cursor.js';
import type { ArchId, SearchSpace } from './space.js';

type Mobile = ArchId<'micro-mobile'>;

/** A depthwise block: the side of its window, and by how much it widens its input. */
export interface MobileBlock {
  readonly kernel: number;
  readonly expansion: number;
}

const KERNELS: readonly number[] = [3, 5];
const EXPANSIONS: readonly number[] = [1, 2, 4];
const STAGES = 3;
const MOST_BLOCKS = 3;

const names: readonly string[] = KERNELS.flatMap((kernel) => EXPANSIONS.map((expansion) => `k${kernel}e${expansion}`));
const vocabulary: Vocabulary = { markers: [], ops: names, phantoms: [], zero: null };

/** Stages with 1, 2 or 3 blocks of 6 kinds. */
const STAGE_SIZE = names.length + names.length ** 2 + names.length ** 3;

/**
 * MicroBench's chains of mobile blocks: three stages of one to three blocks, each a depthwise convolution of side 3 or 5
 * on channels widened 1, 2 or 4 times. No two texts mean the same network. `sample` draws each stage's length uniformly,
 * then its blocks.
 */
export const microMobile: SearchSpace<'micro-mobile', CellStack> = {
  id: 'micro-mobile',
  title: 'MicroBench mobile blocks',
  cite: 'This project; the block: Sandler et al. 2018, arXiv 1801.04381',
  vocabulary,
  size: STAGE_SIZE ** STAGES,
  encodings: [{ id: 'blocks', says: 'stages with | between, blocks with commas', example: 'k3e2,k5e1|k3e4|k5e2,k3e1,k3e4' }],
  parse(text) {
    const cursor = new Cursor('micro-mobile', text);
    const stages: string[][] = [];
    for (let s = 0; s < STAGES; s++) {
      if (s > 0) expectMark(cursor, '|', 'another stage');
      stages.push(readStage(cursor));
    }
    cursor.end();
    return write(stages);
  },
  format: (arch) => arch,
  toGraph: (arch) => ({
    kind: 'cell-stack',
    space: 'micro-mobile',
    vocabulary,
    cells: stagesOf(arch).map((blocks, s) => ({ name: `stage${s + 1}`, graph: chain(blocks) })),
  }),
  sample: (rng) =>
    write(Array.from({ length: STAGES }, () => Array.from({ length: 1 + rng.int(MOST_BLOCKS) }, () => oneName(rng)))),
  all: null,
  /** One block changed, added anywhere, or left out. */
  neighbours(arch) {
    const stages = stagesOf(arch);
    const found = stages.flatMap((blocks, s) => {
      const changed = blocks.flatMap((_, b) => names.map((name) => spliced(blocks, b, 1, [name])));
      const fewer = blocks.length > 1 ? blocks.map((_, b) => spliced(blocks, b, 1, [])) : [];
      const places = blocks.length < MOST_BLOCKS ? [...blocks.keys(), blocks.length] : [];
      const more = places.flatMap((b) => names.map((name) => spliced(blocks, b, 0, [name])));
      return [...changed, ...fewer, ...more].map((stage) => write(spliced(stages, s, 1, [stage])));
    });
    return [...new Set(found)].filter((other) => other !== arch);
  },
  canonical: (arch) => arch,
  /** Every text is a network of its own: itself. */
  identity: (arch) => arch,
};

/** The blocks of each stage. */
export function mobileBlocks(arch: Mobile): readonly (readonly MobileBlock[])[] {
  return stagesOf(arch).map((blocks) =>
    blocks.map((name) => ({ kernel: Number(name.charAt(1)), expansion: Number(name.charAt(3)) })),
  );
}

function readStage(cursor: Cursor): string[] {
  const blocks: string[] = [];
  do {
    if (blocks.length === MOST_BLOCKS) throw cursor.problem(`at most ${MOST_BLOCKS} blocks in a stage`);
    cursor.skipBlanks();
    const at = cursor.at;
    const name = cursor.match(/k\d+e\d+/y) ?? '';
    if (!names.includes(name)) throw cursor.problem(`one of ${names.join(', ')}`, at);
    blocks.push(name);
    cursor.skipBlanks();
  } while (cursor.eat(','));
  return blocks;
}

function expectMark(cursor: Cursor, mark: string, says: string): void {
  if (!cursor.eat(mark)) throw cursor.problem(`"${mark}" and ${says}: ${STAGES} stages in all`);
}

function chain(blocks: readonly string[]): EdgeGraph {
  return {
    kind: 'edge-ops',
    space: 'micro-mobile',
    vocabulary,
    nodeCount: blocks.length + 1,
    nodeNames: Array.from({ length: blocks.length + 1 }, (_, i) => String(i + 1)),
    inputs: [0],
    output: blocks.length,
    edges: blocks.map((op, i) => ({ from: i, to: i + 1, op })),
  };
}

function write(stages: readonly (readonly string[])[]): Mobile {
  return stages.map((blocks) => blocks.join(',')).join('|') as Mobile;
}

function stagesOf(arch: Mobile): string[][] {
  return arch.split('|').map((stage) => stage.split(','));
}

function oneName(rng: Rng): string {
  return names[rng.int(names.length)];
}

function spliced<T>(items: readonly T[], at: number, count: number, by: readonly T[]): T[] {
  return [...items.slice(0, at), ...by, ...items.slice(at + count)];
}
