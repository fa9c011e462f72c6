import type { ComputeGraph } from '../../ir/compute-graph.js';
import { fieldsOf, readText } from './config-fields.js';
import { type Family, type FamilyConfig, pick, pickOther, replaced } from './family.js';
import { divisible, Net } from './net.js';
import { readResolution } from './ofa-mobile.js';

export interface OfaResnetConfig extends FamilyConfig<'ofa-resnet'> {
  /** 2 for one more block in the stem, else 0; then how many blocks each stage has beyond its least. */
  readonly d: readonly number[];
  /** The width of each block inside, as a share of its output; a slot for each block that a stage may have. */
  readonly e: readonly number[];
  /** The place in .65, .8, 1 of the width: inside the stem, at its end, of each stage. */
  readonly w: readonly number[];
  /** Height and width of the input. */
  readonly resolution: number;
}

const WIDTHS = [0.65, 0.8, 1];
const EXPANDS = [0.2, 0.25, 0.35];
const STEM = 64;
/** Channels before scaling, least blocks, stride; a stage has up to two blocks more. */
const STAGES = [
  { channels: 256, least: 2, stride: 1 },
  { channels: 512, least: 2, stride: 2 },
  { channels: 1024, least: 4, stride: 2 },
  { channels: 2048, least: 2, stride: 2 },
];
const SLOTS = STAGES.reduce((sum, stage) => sum + stage.least + 2, 0);
const FULL = 224;

/**
 * Once-for-All's ResNet-50 space. Drawn uniformly: each depth, expansion and width. A mutation is another value of one
 * of them.
 */
export const ofaResnet: Family<'ofa-resnet', OfaResnetConfig> = {
  id: 'ofa-resnet',
  title: 'Once-for-All, ResNet-50',
  cite: 'Cai et al. 2020, arXiv 1908.09791; He et al. 2016, arXiv 1512.03385',
  example: 'd=0,1,2,0,1;e=.2,.25,.35,.2,.2,.25,.35,.2,.2,.25,.35,.2,.2,.25,.35,.2,.2,.25;w=0,1,2,2,1,0',
  says: 'd: five depths, e: eighteen expansions, w: six widths; @ and the resolution where it is not 224',
  defaults: {},
  parse: (text) => ofaResnet.read(readText('ofa-resnet', text, readShort)),
  format: ({ d, e, w, resolution }) =>
    `d=${d};e=${e.map((share) => String(share).replace(/^0/, '')).join(',')};w=${w}${resolution === FULL ? '' : `@${resolution}`}`,
  read(value) {
    const fields = fieldsOf('ofa-resnet', value);
    const resolution = fields.get('resolution');
    return {
      family: 'ofa-resnet',
      d: fields
        .get('d')
        .items(5, 5)
        .map((depth, i) => depth.oneOf(i === 0 ? [0, 2] : [0, 1, 2])),
      e: fields
        .get('e')
        .items(SLOTS, SLOTS)
        .map((share) => share.oneOf(EXPANDS)),
      w: fields
        .get('w')
        .items(6, 6)
        .map((place) => place.oneOf([0, 1, 2])),
      resolution: resolution.value === undefined ? FULL : readResolution(resolution),
    };
  },
  sample: (rng) => ({
    family: 'ofa-resnet',
    d: [0, 1, 2, 3, 4].map((i) => (i === 0 ? pick(rng, [0, 2]) : rng.int(3))),
    e: Array.from({ length: SLOTS }, () => pick(rng, EXPANDS)),
    w: Array.from({ length: 6 }, () => rng.int(3)),
    resolution: FULL,
  }),
  mutate(config, rng) {
    const at = rng.int(5 + SLOTS + 6);
    if (at < 5) return { ...config, d: replaced(config.d, at, pickOther(rng, at === 0 ? [0, 2] : [0, 1, 2], config.d[at])) };
    const slot = at - 5;
    if (slot < SLOTS) return { ...config, e: replaced(config.e, slot, pickOther(rng, EXPANDS, config.e[slot])) };
    return { ...config, w: replaced(config.w, slot - SLOTS, pickOther(rng, [0, 1, 2], config.w[slot - SLOTS])) };
  },
  toCompute,
};

function toCompute({ d, e, w, resolution }: OfaResnetConfig): ComputeGraph {
  const net = new Net([resolution, resolution, 3]);
  net.at = 'stem';
  const inside = divisible((STEM / 2) * WIDTHS[w[0]]);
  let x = net.cbr(net.input, inside, 3, { stride: 2 });
  if (d[0] === 2) x = net.add(net.cbr(x, inside, 3), x);
  x = net.cbr(x, divisible(STEM * WIDTHS[w[1]]), 3);
  x = net.pool(x, 'max', 3, 2);
  let slot = 0;
  STAGES.forEach(({ channels, least, stride }, s) => {
    const out = divisible(channels * WIDTHS[w[s + 2]]);
    for (let b = 0; b < least + d[s + 1]; b++) {
      net.at = `stage_${s}/block_${b}`;
      const middle = divisible(Math.round(out * e[slot + b]));
      x = bottleneck(net, x, middle, out, b === 0 ? stride : null);
    }
    slot += least + 2;
  });
  net.at = 'outnet';
  return net.graph('ofa-resnet', net.dense(net.mean(x), 1000));
}

/** @param first the stride of a stage's first block, whose shortcut is averaged and projected; null for the others. */
function bottleneck(net: Net, input: number, middle: number, out: number, first: number | null): number {
  const narrow = net.cbr(input, middle, 1);
  const through = net.cbr(narrow, middle, 3, { stride: first ?? 1 });
  const wide = net.cb(through, out, 1);
  const shortcut = first === null ? input : net.cb(net.pool(input, 'avg', first, first), out, 1);
  return net.relu(net.add(wide, shortcut));
}

function readShort(text: string): unknown {
  const [lists, resolution] = text.split('@');
  const fields = lists.split(';').map((list) => list.split('='));
  return {
    ...Object.fromEntries(fields.map(([name, values = '']) => [name.trim(), values.split(',').map(Number)])),
    ...(resolution === undefined ? {} : { resolution: Number(resolution) }),
  };
}
