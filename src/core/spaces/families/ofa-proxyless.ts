import type { ComputeGraph } from '../../ir/compute-graph.js';
import type { Family } from './family.js';
import { divisible, Net } from './net.js';
import { type OfaMobileConfig, ofaMobileCodec, type StageDepths } from './ofa-mobile.js';

export type OfaPnConfig = OfaMobileConfig<'ofa-pn'>;

const WIDTH = 1.3;
/** Channels before scaling, stride, `[least, most]` blocks. */
const STAGES = [
  { channels: 24, stride: 2, depth: [2, 4] },
  { channels: 40, stride: 2, depth: [2, 4] },
  { channels: 80, stride: 2, depth: [2, 4] },
  { channels: 96, stride: 1, depth: [2, 4] },
  { channels: 192, stride: 2, depth: [2, 4] },
  { channels: 320, stride: 1, depth: [1, 1] },
] as const;
const depths: StageDepths = STAGES.map((stage) => stage.depth);
const codec = ofaMobileCodec('ofa-pn', depths);

/** Once-for-All's ProxylessNAS space at width 1.3: six stages of inverted bottlenecks with ReLU6. */
export const ofaPn: Family<'ofa-pn', OfaPnConfig> = {
  id: 'ofa-pn',
  title: 'Once-for-All, ProxylessNAS',
  cite: 'Cai et al. 2020, arXiv 1908.09791; Cai et al. 2019, arXiv 1812.00332',
  example: 'e6k5,e4k5,e6k7|e6k3,e3k7,e4k7|e6k7,e4k3,e3k3,e6k3|e4k3,e6k3|e3k3,e3k5,e4k7,e4k7|e3k3',
  says: 'six stages with | between: a block is e and its expansion, k and its kernel; @ and the resolution where it is not 224',
  defaults: {},
  ...codec,
  toCompute,
};

function toCompute(config: OfaPnConfig): ComputeGraph {
  const net = new Net([config.resolution, config.resolution, 3]);
  net.at = 'stem';
  let x = net.cbr6(net.input, divisible(32 * WIDTH), 3, { stride: 2 });
  net.at = 'first';
  x = bottleneck(net, x, divisible(16 * WIDTH), 1, 3, 1);
  config.stages.forEach((stage, s) => {
    const { channels, stride } = STAGES[s];
    stage.forEach(({ expand, kernel }, b) => {
      net.at = `stage_${s}/block_${b}`;
      x = bottleneck(net, x, divisible(channels * WIDTH), expand, kernel, b === 0 ? stride : 1);
    });
  });
  net.at = 'outnet';
  const last = net.cbr6(x, divisible(1280 * WIDTH), 1);
  return net.graph(`ofa-pn ${codec.format(config)}`, net.dense(net.identity(net.mean(last)), 1000));
}

/** MBConv: widen (where it does), convolve each channel, narrow; added to its input where the shapes are equal. */
function bottleneck(net: Net, input: number, channels: number, expand: number, kernel: number, stride: number): number {
  const wide = expand === 1 ? input : net.cbr6(input, net.channels(input) * expand, 1);
  const through = net.relu6(net.norm(net.depthwise(wide, kernel, { stride })));
  const narrow = net.cb(through, channels, 1);
  return stride === 1 && net.channels(input) === channels ? net.add(narrow, input) : narrow;
}
