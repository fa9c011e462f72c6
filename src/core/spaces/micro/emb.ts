import type { ComputeGraph } from '../../ir/compute-graph.js';
import type { Net } from '../families/net.js';
import { type MobileBlock, microMobile, mobileBlocks } from '../micro-mobile.js';
import type { ArchId } from '../space.js';
import { finishNetwork, type Head, startNetwork } from './macro.js';
import type { MicroFamily } from './micro-family.js';

/** Channels of each stage; the second halves the resolution. */
const WIDTHS = [8, 16, 16] as const;
const STRIDES = [1, 2, 1] as const;

/** Chains of inverted bottlenecks: three stages of 8, 16 and 16 channels, the second and third at 3 x 3 pixels. */
export const emb: MicroFamily<'EMB', 'micro-mobile'> = {
  id: 'EMB',
  title: 'Mobile blocks',
  says: 'three stages of one to three depthwise blocks',
  space: microMobile,
  parse: (text) => microMobile.parse(text),
  format: (arch) => arch,
  canonical: (arch) => arch,
  canonicalId: (arch) => arch,
  isLive: () => true,
  drawnOnce: (arch) => arch,
  sample: (rng) => microMobile.sample(rng),
  toCompute: network,
  toComputeAsWritten: network,
};

function network(arch: ArchId<'micro-mobile'>, head: Head): ComputeGraph {
  const net = startNetwork();
  let x = net.cbr(net.input, WIDTHS[0], 3, { stride: 2 });
  mobileBlocks(arch).forEach((blocks, stage) => {
    blocks.forEach((block, b) => {
      net.at = `stage_${stage}/block_${b}`;
      x = bottleneck(net, x, block, WIDTHS[stage], b === 0 ? STRIDES[stage] : 1);
    });
  });
  return finishNetwork(net, x, `EMB ${arch}`, head);
}

/** Widened (unless by 1), depthwise, narrowed, and added to its input where the shapes are alike. */
function bottleneck(net: Net, input: number, { kernel, expansion }: MobileBlock, filters: number, stride: number): number {
  const channels = net.channels(input);
  const wide = expansion === 1 ? input : net.cbr(input, channels * expansion, 1);
  const through = net.relu(net.norm(net.depthwise(wide, kernel, { stride })));
  const x = net.cb(through, filters, 1);
  return stride === 1 && filters === channels ? net.add(x, input) : x;
}
