import type { ComputeGraph } from '../../ir/compute-graph.js';
import { fieldsOf, readText } from './config-fields.js';
import { type Family, type FamilyConfig, pick, pickOther, replaced } from './family.js';
import { Net } from './net.js';

export interface HiamlConfig extends FamilyConfig<'hiaml'> {
  /** One block a stage; each is used twice. */
  readonly blocks: readonly HiamlBlock[];
}

export type HiamlBlock = (typeof names)[number];

const names = ['z', 'a22', 'b23', 'j30', 'g30', 'r30', 'l20', 't20', 't31', 'src0', 'src1', 'src3', 'src7', 'src8'] as const;
/** Channels and stride of each stage. */
const STAGES = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
] as const;

/**
 * HiAML: four stages of two equal blocks each, out of fourteen kinds that a search for face recognition found.
 * Drawn as four independent uniform picks: 38,416 networks. A mutation is another block in one stage.
 */
export const hiaml: Family<'hiaml', HiamlConfig> = {
  id: 'hiaml',
  title: 'HiAML',
  cite: 'Mills et al. 2023 (GENNAPE), arXiv 2211.17226',
  example: 'src1,src1,r30,src3',
  says: 'a block for each of the four stages',
  defaults: {},
  parse: (text) => hiaml.read(readText('hiaml', text, (own) => ({ blocks: own.split(',').map((name) => name.trim()) }))),
  format: ({ blocks }) => blocks.join(','),
  read: (value) => ({
    family: 'hiaml',
    blocks: fieldsOf('hiaml', value)
      .get('blocks')
      .items(4, 4)
      .map((block) => block.oneOf(names)),
  }),
  sample: (rng) => ({ family: 'hiaml', blocks: STAGES.map(() => pick(rng, names)) }),
  mutate({ family, blocks }, rng) {
    const at = rng.int(blocks.length);
    return { family, blocks: replaced(blocks, at, pickOther(rng, names, blocks[at])) };
  },
  toCompute,
};

function toCompute({ blocks }: HiamlConfig): ComputeGraph {
  const net = new Net([32, 32, 3]);
  net.at = 'stem';
  let x = net.cbr(net.input, 64, 3, { stride: 2 });
  STAGES.forEach(([channels, stride], stage) => {
    for (const repeat of [0, 1]) {
      net.at = `block_${stage}_${repeat}_${blocks[stage]}`;
      x = blockOf[blocks[stage]](new Block(net, x, channels, repeat === 0 ? stride : 1));
    }
  });
  net.at = 'outnet';
  return net.graph(`hiaml ${blocks.join(',')}`, net.dense(net.mean(x), 10));
}

/** A block's layers: `Cout` channels and stride 1 unless they say otherwise. */
class Block {
  constructor(
    private readonly net: Net,
    readonly input: number,
    private readonly channels: number,
    readonly stride: number,
  ) {}

  get channelsIn(): number {
    return this.net.channels(this.input);
  }

  cb(x: number, kernel: number, stride = 1): number {
    return this.net.cb(x, this.channels, kernel, { stride });
  }

  cbr(x: number, kernel: number, stride = 1, channels = this.channels): number {
    return this.net.cbr(x, channels, kernel, { stride });
  }

  /** 1 x 3, then 3 x 1, both with ReLU6; the stride is the first one's, along both axes. */
  is(x: number, stride = 1): number {
    return this.net.cbr6(this.net.cbr6(x, this.channels, [1, 3], { stride }), this.channels, [3, 1]);
  }

  /** The block's input, projected where the block reduces. */
  shortcut(): number {
    return this.stride === 1 ? this.input : this.cb(this.input, 1, this.stride);
  }

  add(a: number, b: number): number {
    return this.net.add(a, b);
  }

  reluOfSum(a: number, b: number): number {
    return this.net.relu(this.net.add(a, b));
  }

  relu(x: number): number {
    return this.net.relu(x);
  }
}

const blockOf: Readonly<Record<HiamlBlock, (b: Block) => number>> = {
  z(b) {
    const first = b.cbr(b.input, 3, b.stride);
    return b.reluOfSum(first, b.is(first));
  },
  a22(b) {
    const first = b.cbr(b.input, 3, b.stride);
    return b.reluOfSum(first, b.cb(b.cbr(first, 1), 1));
  },
  b23(b) {
    const last = b.is(b.is(b.input, b.stride));
    return b.reluOfSum(b.shortcut(), last);
  },
  j30(b) {
    const last = b.is(b.cbr(b.input, 3, b.stride));
    return b.reluOfSum(b.shortcut(), last);
  },
  g30(b) {
    const first = b.is(b.input, b.stride);
    return b.reluOfSum(first, b.cb(b.is(b.add(b.shortcut(), first)), 1));
  },
  r30(b) {
    const first = b.is(b.input, b.stride);
    const second = b.cb(b.add(b.shortcut(), first), 1);
    const third = b.is(first);
    return b.reluOfSum(b.add(b.shortcut(), second), third);
  },
  l20: (b) => b.relu(b.cb(b.cbr(b.input, 3, b.stride), 1)),
  t20(b) {
    const first = b.cb(b.input, 1, b.stride);
    return b.reluOfSum(first, b.is(b.input, b.stride));
  },
  t31(b) {
    const second = b.cbr(b.is(b.input, b.stride), 1);
    const third = b.is(b.add(b.shortcut(), second));
    return b.reluOfSum(b.add(b.shortcut(), second), third);
  },
  src0(b) {
    const first = b.cbr(b.input, 1, b.stride);
    return b.reluOfSum(first, b.cb(b.cbr(first, 3), 3));
  },
  src1(b) {
    const first = b.cbr(b.input, 1, b.stride);
    return b.reluOfSum(first, b.cb(b.cbr(b.input, 3, 1, b.channelsIn), 3, b.stride));
  },
  src3(b) {
    const first = b.cb(b.input, 1, b.stride);
    const second = b.cbr(b.input, 1, 1, b.channelsIn);
    return b.reluOfSum(first, b.cb(b.cbr(second, 3, b.stride), 1));
  },
  src7(b) {
    const first = b.cb(b.input, 1, b.stride);
    return b.reluOfSum(first, b.is(b.is(first)));
  },
  src8(b) {
    const first = b.cb(b.input, 1, b.stride);
    return b.reluOfSum(first, b.cb(b.is(first), 1));
  },
};
