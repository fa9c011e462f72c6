import type { Rng } from '../base/rng.js';
import type { NodeGraph, Vocabulary } from '../ir/cell-graph.js';
import { Cursor } from './cursor.js';
import type { ArchId, SearchSpace } from './space.js';

type TwoPath = ArchId<'micro-two-path'>;

export type ChainOp = (typeof ops)[number];
export type Merge = (typeof merges)[number];

/** Two chains from the input, and how they meet. */
export interface TwoChains {
  readonly chains: readonly [readonly ChainOp[], readonly ChainOp[]];
  readonly merge: Merge;
}

const ops = ['c1', 'c3', 'mp3', 'ap3'] as const;
const merges = ['add', 'concat'] as const;
const LONGEST = 4;

/** How the chains meet is nobody's choice of operation, but it is counted. */
const vocabulary: Vocabulary = { markers: ['input', 'output', ...merges], ops, phantoms: [], zero: null };

/** Chains of 1, 2, 3 or 4 operations. */
const CHAINS = ops.reduce((sum, _, i) => sum + ops.length ** (i + 1), 0);

/**
 * MicroBench's cells of two chains: one to four of convolution 1x1 and 3x3, maximum and average pooling 3x3, and a sum
 * or a concatenation where they meet. `sample` draws the lengths uniformly, then operations and meeting.
 */
export const microTwoPath: SearchSpace<'micro-two-path', NodeGraph> = {
  id: 'micro-two-path',
  title: 'MicroBench two-path cells',
  cite: 'This project; after the Two-Path family of Mills et al. 2023, arXiv 2211.17226',
  vocabulary,
  size: CHAINS ** 2 * merges.length,
  encodings: [
    { id: 'chains', says: 'two chains with | between, operations with commas, /add or /concat', example: 'c1,c3|c3,mp3/add' },
  ],
  parse(text) {
    const cursor = new Cursor('micro-two-path', text);
    const first = readChain(cursor);
    if (!cursor.eat('|')) throw cursor.problem('"," or "|" and the other chain');
    const second = readChain(cursor);
    if (!cursor.eat('/')) throw cursor.problem('"," or "/add" or "/concat"');
    const at = cursor.at;
    const word = cursor.match(/\w+/y);
    const merge = merges.find((known) => known === word);
    if (merge === undefined) throw cursor.problem(merges.join(' or '), at);
    cursor.end();
    return write({ chains: [first, second], merge });
  },
  format: (arch) => arch,
  toGraph(arch) {
    const { chains, merge } = twoChains(arch);
    const nodes = ['input', ...chains[0], ...chains[1], merge, 'output'];
    const meet = nodes.length - 2;
    const edges: [number, number][] = [];
    let node = 1;
    for (const chain of chains) {
      edges.push([0, node]);
      for (let i = 1; i < chain.length; i++) edges.push([node, ++node]);
      edges.push([node++, meet]);
    }
    edges.push([meet, meet + 1]);
    edges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return { kind: 'node-ops', space: 'micro-two-path', vocabulary, nodes, input: 0, output: meet + 1, edges };
  },
  sample: (rng) => write({ chains: [drawChain(rng), drawChain(rng)], merge: merges[rng.int(merges.length)] }),
  all: null,
  /** One operation changed, added anywhere or left out, or the other meeting. */
  neighbours(arch) {
    const { chains, merge } = twoChains(arch);
    const [first, second] = chains;
    const found = [
      ...chainsNear(first).map((chain) => write({ chains: [chain, second], merge })),
      ...chainsNear(second).map((chain) => write({ chains: [first, chain], merge })),
      ...merges.map((other) => write({ chains, merge: other })),
    ];
    return [...new Set(found)].filter((other) => other !== arch);
  },
  /** The chains in alphabetical order: which of them is written first says nothing about the network. */
  canonical(arch) {
    const { chains, merge } = twoChains(arch);
    const [first, second] = chains;
    return write({ chains: first.join() <= second.join() ? [first, second] : [second, first], merge });
  },
  /** The canonical text. */
  identity: (arch) => microTwoPath.canonical(arch),
};

export function twoChains(arch: TwoPath): TwoChains {
  const [paths, merge] = arch.split('/') as [string, Merge];
  const [first, second] = paths.split('|').map((chain) => chain.split(',') as ChainOp[]);
  return { chains: [first, second], merge };
}

function readChain(cursor: Cursor): ChainOp[] {
  const chain: ChainOp[] = [];
  do {
    if (chain.length === LONGEST) throw cursor.problem(`at most ${LONGEST} operations in a chain`);
    cursor.skipBlanks();
    const at = cursor.at;
    const word = cursor.match(/\w+/y);
    const op = ops.find((known) => known === word);
    if (op === undefined) throw cursor.problem(`one of ${ops.join(', ')}`, at);
    chain.push(op);
    cursor.skipBlanks();
  } while (cursor.eat(','));
  return chain;
}

function write({ chains, merge }: TwoChains): TwoPath {
  return `${chains[0].join()}|${chains[1].join()}/${merge}` as TwoPath;
}

function drawChain(rng: Rng): ChainOp[] {
  return Array.from({ length: 1 + rng.int(LONGEST) }, () => ops[rng.int(ops.length)]);
}

function chainsNear(chain: readonly ChainOp[]): ChainOp[][] {
  const changed = chain.flatMap((_, i) => ops.map((op) => [...chain.slice(0, i), op, ...chain.slice(i + 1)]));
  const fewer = chain.length > 1 ? chain.map((_, i) => [...chain.slice(0, i), ...chain.slice(i + 1)]) : [];
  const places = chain.length < LONGEST ? [...chain.keys(), chain.length] : [];
  const more = places.flatMap((i) => ops.map((op) => [...chain.slice(0, i), op, ...chain.slice(i)]));
  return [...changed, ...fewer, ...more];
}
