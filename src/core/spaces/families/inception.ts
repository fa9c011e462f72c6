import type { Rng } from '../../base/rng.js';
import type { ComputeGraph } from '../../ir/compute-graph.js';
import { fieldsOf, readText } from './config-fields.js';
import { type Family, type FamilyConfig, pick, pickOther, replaced } from './family.js';
import { Net } from './net.js';

export interface InceptionConfig extends FamilyConfig<'inception'> {
  readonly stages: readonly InceptionStage[];
}

/** Equal blocks; the first has the stride. */
export interface InceptionStage {
  readonly blocks: number;
  readonly stride: number;
  readonly in: number;
  readonly out: number;
  readonly paths: readonly InceptionPath[];
}

export interface InceptionPath {
  readonly ops: readonly InceptionOp[];
  /** Channels between the first operation that can change them and the last one, which gives `out`. */
  readonly internal: number;
  readonly out: number;
}

export interface InceptionOptions {
  /**
   * Operations that a block of 1, 2, 3, 4 paths may have, and that each path must have: as the released data was drawn,
   * or as the released code says.
   */
  readonly budgets: 'data' | 'released';
}

export type InceptionOp = (typeof convs)[number] | (typeof supports)[number];

const convs = [
  'conv3x3',
  'conv5x5',
  'depthwise3x3',
  'depthwise5x5',
  'inception_s3x3',
  'inception_s5x5',
  'inception_p3x3',
  'inception_p5x5',
] as const;
const supports = ['conv1x1', 'double1x1', 'avgpool3x3', 'maxpool3x3'] as const;
const known: readonly InceptionOp[] = [...convs, ...supports];

const BUDGETS = {
  data: { most: [4, 8, 12, 16], least: [1, 1, 1, 1] },
  released: { most: [3, 4, 8, 10], least: [1, 1, 2, 2] },
} as const;

const STEM = 32;
const STAGES = [
  { stride: 1, out: 32 },
  { stride: 2, out: 64 },
  { stride: 2, out: 128 },
  { stride: 2, out: 256 },
];
const FEWEST_CHANNELS = 16;
/** No published block has more operations. */
const MOST_OPS = 16;

/**
 * Inception: four stages of two to six equal blocks, each of one to four paths of operations in sequence. Drawn as the
 * authors do, with the budgets of their data unless told otherwise. A mutation is another operation of the same kind, or
 * one block more or less in a stage.
 */
export const inception: Family<'inception', InceptionConfig, InceptionOptions> = {
  id: 'inception',
  title: 'Inception',
  cite: 'Mills et al. 2023 (GENNAPE), arXiv 2211.17226',
  example: '2:conv3x3@32>32/2:conv3x3@64>64/2:inception_s5x5@64>64|conv3x3+double1x1@64>64/2:conv3x3@256>256',
  says: 'stages with / between: blocks, then paths with |, each operations@internal>out channels',
  defaults: { budgets: 'data' },
  parse: (text) => inception.read(readText('inception', text, readShort)),
  format: ({ stages }) =>
    stages
      .map(({ blocks, paths }) => `${blocks}:${paths.map((p) => `${p.ops.join('+')}@${p.internal}>${p.out}`).join('|')}`)
      .join('/'),
  read(value) {
    let channels = STEM;
    const stages = fieldsOf('inception', value)
      .get('stages')
      .items(STAGES.length, STAGES.length)
      .map((stage, s): InceptionStage => {
        const { stride, out } = STAGES[s];
        const from = channels;
        channels = out;
        return {
          blocks: stage.get('blocks').whole(2, 6),
          stride: stage.get('stride').oneOf([stride]),
          in: stage.get('in').oneOf([from]),
          out: stage.get('out').oneOf([out]),
          paths: stage
            .get('paths')
            .items(1, 4)
            .map((path) => {
              const ops = path.get('ops').items(1, MOST_OPS);
              const names = ops.map((op) => op.oneOf(known));
              if (!names.some(isConv)) throw path.get('ops').problem('an operation of convolutions');
              const [internal, leaving] = ['internal', 'out'].map((field) => path.get(field).whole(1, 4096));
              return { ops: names, internal, out: leaving };
            }),
        };
      });
    return { family: 'inception', stages };
  },
  sample(rng, options = {}) {
    const { most, least } = BUDGETS[options.budgets ?? 'data'];
    let channels = STEM;
    const stages = STAGES.map(({ stride, out }): InceptionStage => {
      const from = channels;
      channels = out;
      const blocks = 2 + rng.int(5);
      const count = 1 + rng.int(4);
      let left: number = most[count - 1];
      const fewest: number = least[count - 1];
      const paths = splitChannels(rng, out, count).map((share, p): InceptionPath => {
        const spare = left - fewest * (count - p);
        const length = fewest + rng.int(spare + 1);
        left -= length;
        return samplePath(rng, length, share);
      });
      return { blocks, stride, in: from, out, paths };
    });
    return { family: 'inception', stages };
  },
  mutate({ family, stages }, rng) {
    const s = rng.int(stages.length);
    const stage = stages[s];
    if (rng.int(4) === 0) {
      const blocks = pickOther(
        rng,
        [stage.blocks - 1, stage.blocks, stage.blocks + 1].filter((b) => b >= 2 && b <= 6),
        stage.blocks,
      );
      return { family, stages: replaced(stages, s, { ...stage, blocks }) };
    }
    const p = rng.int(stage.paths.length);
    const path = stage.paths[p];
    const o = rng.int(path.ops.length);
    const other: InceptionOp = pickOther<InceptionOp>(rng, isConv(path.ops[o]) ? convs : supports, path.ops[o]);
    const paths = replaced(stage.paths, p, { ...path, ops: replaced(path.ops, o, other) });
    return { family, stages: replaced(stages, s, { ...stage, paths }) };
  },
  toCompute,
};

function isConv(op: InceptionOp): boolean {
  return (convs as readonly string[]).includes(op);
}

function changesChannels(op: InceptionOp): boolean {
  return isConv(op) || op === 'conv1x1' || op === 'double1x1';
}

/** Equal shares and the rest to the last (of three, one has half), in random order. */
function splitChannels(rng: Rng, channels: number, count: number): number[] {
  const share = Math.floor(channels / (count === 3 ? 4 : count));
  const shares = count === 3 ? [2 * share, share, share] : Array.from({ length: count }, () => share);
  shares[count - 1] += channels - shares.reduce((a, b) => a + b, 0);
  return Array.from(rng.permutation(count), (i) => Math.max(FEWEST_CHANNELS, shares[i]));
}

function samplePath(rng: Rng, length: number, out: number): InceptionPath {
  const ops: InceptionOp[] = [pick(rng, convs)];
  while (ops.length < length) ops.push(ops.every(isConv) ? pick(rng, known) : pick(rng, convs));
  const shuffled = Array.from(rng.permutation(length), (i) => ops[i]);
  const capable = shuffled.filter(changesChannels).length;
  const draw = rng.uniform();
  const factor = capable < 2 ? 1 : draw < 0.3 ? 0.5 : draw < 0.9 ? 1 : 2;
  return { ops: shuffled, internal: Math.max(FEWEST_CHANNELS, Math.floor(out * factor)), out };
}

function readShort(text: string): unknown {
  let channels = STEM;
  const stages = text.split('/').map((stage, s) => {
    const [blocks, paths = ''] = stage.split(':');
    const from = channels;
    channels = STAGES[s]?.out ?? 0;
    return {
      blocks: Number(blocks),
      stride: STAGES[s]?.stride,
      in: from,
      out: channels,
      paths: paths.split('|').map((path) => {
        const [ops, widths = ''] = path.split('@');
        const [internal, out] = widths.split('>').map(Number);
        return { ops: ops.trim().split('+'), internal, out };
      }),
    };
  });
  return { stages };
}

function toCompute(config: InceptionConfig): ComputeGraph {
  const net = new Net([32, 32, 3]);
  net.at = 'stem';
  let x = net.cbr6(net.input, STEM, 3, { bias: true });
  config.stages.forEach((stage, s) => {
    for (let b = 0; b < stage.blocks; b++) x = blockAfter(net, x, stage, b === 0 ? stage.stride : 1, `stage_${s}/block_${b}`);
  });
  net.at = 'outnet';
  const last = net.cbr6(x, 512, 3, { bias: true });
  return net.graph(`inception ${inception.format(config)}`, net.dense(net.identity(net.mean(last)), 10));
}

function blockAfter(net: Net, input: number, stage: InceptionStage, stride: number, at: string): number {
  const ends = stage.paths.map((path, p) => {
    net.at = `${at}/path_${p}`;
    return pathAfter(net, input, path, stride);
  });
  net.at = at;
  let x = ends.length > 1 ? net.concat(ends) : ends[0];
  if (net.channels(x) !== stage.out) x = net.cb(x, stage.out, 1, { bias: true });
  return stride === 1 && net.channels(input) === stage.out ? net.add(x, input) : x;
}

function pathAfter(net: Net, input: number, { ops, internal, out }: InceptionPath, stride: number): number {
  const capable = ops.flatMap((op, i) => (changesChannels(op) ? [i] : []));
  const strided = ops.findIndex(isConv);
  let x = input;
  ops.forEach((op, i) => {
    const channels = i === capable[capable.length - 1] ? out : i === capable[0] ? internal : net.channels(x);
    x = operation(net, x, op, channels, i === strided ? stride : 1);
  });
  return x;
}

function operation(net: Net, x: number, op: InceptionOp, channels: number, stride: number): number {
  const k = op.endsWith('5x5') ? 5 : 3;
  switch (op) {
    case 'conv1x1':
      return net.cbr6(x, channels, 1, { bias: true });
    case 'double1x1':
      return net.cbr6(net.cbr6(x, channels, 1, { bias: true }), channels, 1, { bias: true, stride });
    case 'avgpool3x3':
      return net.norm(net.pool(x, 'avg', 3, 1));
    case 'maxpool3x3':
      return net.norm(net.pool(x, 'max', 3, 1));
    case 'conv3x3':
    case 'conv5x5':
      return net.cbr6(x, channels, k, { bias: true, stride });
    case 'depthwise3x3':
    case 'depthwise5x5': {
      const projected = net.channels(x) === channels ? x : net.conv(x, channels, 1);
      return net.relu6(net.norm(net.depthwise(projected, k, { bias: true, stride })));
    }
    case 'inception_s3x3':
    case 'inception_s5x5': {
      const first = net.cbr6(x, channels, [1, k], { bias: true, stride: [1, stride] });
      return net.cbr6(first, channels, [k, 1], { bias: true, stride: [stride, 1] });
    }
    case 'inception_p3x3':
    case 'inception_p5x5': {
      const half = channels / 2;
      const wide = net.cb(x, half, [1, k], { bias: true, stride: [1, stride] });
      const left = stride === 1 ? wide : net.cb(wide, half, [k, 1], { bias: true, stride: [stride, 1] });
      const high = net.cb(x, half, [k, 1], { bias: true, stride: [stride, 1] });
      const right = stride === 1 ? high : net.cb(high, half, [1, k], { bias: true, stride: [1, stride] });
      return net.relu6(net.concat([left, right]));
    }
  }
}
