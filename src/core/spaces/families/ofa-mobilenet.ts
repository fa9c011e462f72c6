import type { ComputeGraph } from '../../ir/compute-graph.js';
import type { Family } from './family.js';
import { divisible, Net } from './net.js';
import { type OfaMobileConfig, ofaMobileCodec, type StageDepths } from './ofa-mobile.js';

export type OfaMbv3Config = OfaMobileConfig<'ofa-mbv3'>;

type Act = 'relu' | 'swish';

const WIDTH = 1.2;
/** Channels before scaling, stride, activation, whether channels are gated. */
const STAGES = [
  { channels: 24, stride: 2, act: 'relu', gated: false },
  { channels: 40, stride: 2, act: 'relu', gated: true },
  { channels: 80, stride: 2, act: 'swish', gated: false },
  { channels: 112, stride: 1, act: 'swish', gated: true },
  { channels: 160, stride: 2, act: 'swish', gated: true },
] as const;
const SQUEEZE = 0.25;
const depths: StageDepths = STAGES.map(() => [2, 4]);
const codec = ofaMobileCodec('ofa-mbv3', depths);

/** Once-for-All's MobileNetV3 space at width 1.2: five stages of inverted bottlenecks, some with squeeze and excitation. */
export const ofaMbv3: Family<'ofa-mbv3', OfaMbv3Config> = {
  id: 'ofa-mbv3',
  title: 'Once-for-All, MobileNetV3',
  cite: 'Cai et al. 2020, arXiv 1908.09791; Howard et al. 2019, arXiv 1905.02244',
  example: 'e3k7,e6k5,e3k7|e6k5,e6k3,e6k7|e4k5,e6k7,e6k3|e6k7,e4k7,e3k7|e6k7,e4k7',
  says: 'five stages with | between: a block is e and its expansion, k and its kernel; @ and the resolution where it is not 224',
  defaults: {},
  ...codec,
  toCompute,
};

function toCompute(config: OfaMbv3Config): ComputeGraph {
  const net = new Net([config.resolution, config.resolution, 3]);
  net.at = 'stem';
  let x = hardSwish(net, net.cb(net.input, divisible(16 * WIDTH), 3, { stride: 2 }));
  net.at = 'first';
  x = bottleneck(net, x, { channels: divisible(16 * WIDTH), expand: 1, kernel: 3, stride: 1, act: 'relu', gated: false });
  config.stages.forEach((stage, s) => {
    const { channels, stride, act, gated } = STAGES[s];
    stage.forEach(({ expand, kernel }, b) => {
      net.at = `stage_${s}/block_${b}`;
      const width = divisible(channels * WIDTH);
      x = bottleneck(net, x, { channels: width, expand, kernel, stride: b === 0 ? stride : 1, act, gated });
    });
  });
  net.at = 'outnet';
  const wide = hardSwish(net, net.cb(x, divisible(960 * WIDTH), 1));
  const last = hardSwish(net, net.conv(net.mean(wide, true), divisible(1280 * WIDTH), 1));
  return net.graph(`ofa-mbv3 ${codec.format(config)}`, net.dense(net.identity(last), 1000));
}

interface Bottleneck {
  readonly channels: number;
  readonly expand: number;
  readonly kernel: number;
  readonly stride: number;
  readonly act: Act;
  readonly gated: boolean;
}

/** MBConv, with the channels weighed between the depthwise and the last convolution where `gated`. */
function bottleneck(net: Net, input: number, { channels, expand, kernel, stride, act, gated }: Bottleneck): number {
  const width = net.channels(input) * expand;
  const wide = expand === 1 ? input : activated(net, net.cb(input, width, 1), act);
  let x = activated(net, net.norm(net.depthwise(wide, kernel, { stride })), act);
  if (gated) x = squeezeAndExcite(net, x);
  const narrow = net.cb(x, channels, 1);
  return stride === 1 && net.channels(input) === channels ? net.add(narrow, input) : narrow;
}

function activated(net: Net, x: number, act: Act): number {
  return act === 'relu' ? net.relu(x) : hardSwish(net, x);
}

/** x times ReLU6(x + 3) / 6; the published graphs leave out the constants. */
function hardSwish(net: Net, x: number): number {
  return net.mul(x, net.relu6(x));
}

function squeezeAndExcite(net: Net, x: number): number {
  const channels = net.channels(x);
  const squeezed = net.relu(net.conv(net.mean(x, true), divisible(channels * SQUEEZE), 1, { bias: true }));
  return net.mul(x, net.relu6(net.conv(squeezed, channels, 1, { bias: true })));
}
