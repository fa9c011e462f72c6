import type { Rng } from '../../base/rng.js';
import type { ComputeGraph } from '../../ir/compute-graph.js';
import { type ConfigField, fieldsOf, readText } from './config-fields.js';
import { type Family, type FamilyConfig, pick, pickOther, replaced } from './family.js';
import { Net } from './net.js';

export interface TwoPathConfig extends FamilyConfig<'two-path'> {
  /** Two paths of two to four blocks of one to three operations. */
  readonly paths: readonly (readonly (readonly TwoPathOp[])[])[];
  /** For each path the two blocks that halve the resolution and double the channels. */
  readonly reduce: readonly (readonly number[])[];
}

export type TwoPathOp = (typeof convs)[number] | (typeof supports)[number];

const convs = [
  'conv3x3',
  'conv5x5',
  'double3x3',
  'bottleneck-r2-k3',
  'bottleneck-r4-k3',
  'bottleneck-e2-k3',
  'inception_s3x3',
  'inception_s5x5',
] as const;
const supports = ['conv1x1', 'bottleneck-r2-k1', 'bottleneck-e2-k1', 'avgpool3x3', 'maxpool3x3'] as const;
const known: readonly TwoPathOp[] = [...convs, ...supports];

const STEM = 32;

/**
 * Two-Path: two paths that meet in a concatenation, each with blocks of one to three operations, two of which reduce.
 * Drawn as the authors do: blocks and reductions uniform; a block's further operations are convolutions with
 * probability 8/13, and one of them at most is a supporting one. A mutation is another operation of the same kind.
 */
export const twoPath: Family<'two-path', TwoPathConfig> = {
  id: 'two-path',
  title: 'Two-Path',
  cite: 'Mills et al. 2023 (GENNAPE), arXiv 2211.17226',
  example: 'conv5x5*|conv5x5*;double3x3+bottleneck-e2-k3|conv1x1+bottleneck-r2-k3*|bottleneck-e2-k3|bottleneck-r2-k3*',
  says: 'two paths with ; between, blocks with |, operations with +, a * behind blocks that reduce',
  defaults: {},
  parse: (text) => twoPath.read(readText('two-path', text, readShort)),
  format: ({ paths, reduce }) =>
    paths.map((path, p) => path.map((block, b) => `${block.join('+')}${reduce[p].includes(b) ? '*' : ''}`).join('|')).join(';'),
  read(value) {
    const fields = fieldsOf('two-path', value);
    const paths = fields
      .get('paths')
      .items(2, 2)
      .map((path) => path.items(2, 4).map(readBlock));
    const reduce = fields
      .get('reduce')
      .items(2, 2)
      .map((places, p) => {
        const [first, second] = places.items(2, 2).map((place) => place.whole(0, paths[p].length - 1));
        if (first >= second) throw places.problem('two different blocks in ascending order');
        return [first, second];
      });
    return { family: 'two-path', paths, reduce };
  },
  sample(rng) {
    const paths = [0, 1].map(() => Array.from({ length: 2 + rng.int(3) }, () => sampleBlock(rng)));
    const reduce = paths.map((path) => Array.from(rng.choose(path.length, 2)).sort((a, b) => a - b));
    return { family: 'two-path', paths, reduce };
  },
  mutate({ family, paths, reduce }, rng) {
    const p = rng.int(2);
    const b = rng.int(paths[p].length);
    const o = rng.int(paths[p][b].length);
    const op = paths[p][b][o];
    const other: TwoPathOp = pickOther<TwoPathOp>(rng, isConv(op) ? convs : supports, op);
    return { family, paths: replaced(paths, p, replaced(paths[p], b, replaced(paths[p][b], o, other))), reduce };
  },
  toCompute,
};

function isConv(op: TwoPathOp): boolean {
  return (convs as readonly string[]).includes(op);
}

function readBlock(block: ConfigField): TwoPathOp[] {
  const ops = block.items(1, 3).map((op) => op.oneOf(known));
  if (!ops.some(isConv)) throw block.problem('an operation of convolutions');
  return ops;
}

function sampleBlock(rng: Rng): TwoPathOp[] {
  const block: TwoPathOp[] = [pick(rng, convs)];
  const length = 1 + rng.int(3);
  while (block.length < length) {
    const supported = block.some((op) => !isConv(op));
    const conv = rng.int(convs.length + supports.length) < convs.length;
    block.push(conv || supported ? pick(rng, convs) : pick(rng, supports));
  }
  return Array.from(rng.permutation(block.length), (i) => block[i]);
}

function readShort(text: string): unknown {
  const paths = text.split(';').map((path) => path.split('|').map((block) => block.trim()));
  return {
    paths: paths.map((path) => path.map((block) => block.replace(/\*$/, '').split('+'))),
    reduce: paths.map((path) => path.flatMap((block, b) => (block.endsWith('*') ? [b] : []))),
  };
}

function toCompute(config: TwoPathConfig): ComputeGraph {
  const net = new Net([32, 32, 3]);
  net.at = 'stem';
  const stem = net.cbr6(net.cbr6(net.input, STEM, 3), STEM, 3, { stride: 2 });
  const ends = config.paths.map((path, p) => {
    let x = stem;
    path.forEach((block, b) => {
      net.at = `path_${p}/block_${b}`;
      x = blockAfter(net, x, block, config.reduce[p].includes(b));
    });
    return x;
  });
  net.at = 'outnet';
  const joined = net.cbr6(net.concat(ends), 512, 3);
  return net.graph(`two-path ${twoPath.format(config)}`, net.dense(net.identity(net.mean(joined)), 10));
}

function blockAfter(net: Net, input: number, block: readonly TwoPathOp[], reduces: boolean): number {
  const changes = block.findIndex(isConv);
  let x = input;
  block.forEach((op, i) => {
    const now = reduces && i === changes;
    x = operation(net, x, op, net.channels(x) * (now ? 2 : 1), now ? 2 : 1);
  });
  return reduces ? x : net.add(x, input);
}

function operation(net: Net, x: number, op: TwoPathOp, channels: number, stride: number): number {
  switch (op) {
    case 'conv1x1':
      return net.cbr6(x, channels, 1, { stride });
    case 'conv3x3':
      return net.cbr6(x, channels, 3, { stride });
    case 'conv5x5':
      return net.cbr6(x, channels, 5, { stride });
    case 'double3x3':
      return net.cbr6(net.cbr6(x, net.channels(x), 3, { stride }), channels, 3);
    case 'inception_s3x3':
      return net.cbr6(net.cbr6(x, channels, [1, 3], { stride }), channels, [3, 1]);
    case 'inception_s5x5':
      return net.cbr6(net.cbr6(x, channels, [1, 5], { stride }), channels, [5, 1]);
    case 'avgpool3x3':
      return net.norm(net.pool(x, 'avg', 3, 1));
    case 'maxpool3x3':
      return net.norm(net.pool(x, 'max', 3, 1));
    default: {
      const kernel = op.endsWith('k1') ? 1 : 3;
      // Reduced or expanded from the channels that come in.
      const hidden = net.channels(x) * (op.includes('e2') ? 2 : op.includes('r4') ? 1 / 4 : 1 / 2);
      return net.cb(net.cb(x, hidden, kernel, { stride }), channels, kernel);
    }
  }
}
