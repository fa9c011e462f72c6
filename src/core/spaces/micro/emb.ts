import type { ComputeGraph } from '../../ir/compute-graph.js';
import type { Net } from '../families/net.js';
import { type MobileBlock, microMobile, mobileBlocks } from '../micro-mobile.js';
import type { ArchId } from '../space.js';
import { finishNetwork, type Head, startNetwork } from './macro.js';
import type { MicroFamily } from './micro-family.js';

/** Channels of every stage. With 16 after the reduction all networks name the glyphs nearly alike. */
const WIDTH = 8;
const STRIDES = [1, 2, 1] as const;

/**
 * Chains of inverted bottlenecks: three stages of 8 channels, the second and third at 3 x 3 pixels. Before a head of classes
 * a block of stride 1 is added to its input, as MobileNet-V2's are: without that, what two seeds reach lies far apart.
 * Before a head of pixels nothing is added: with it every network passes the picture on as well as any other.
 */
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
  let x = net.cbr(net.input, WIDTH, 3, { stride: 2 });
  mobileBlocks(arch).forEach((blocks, stage) => {
    blocks.forEach((block, b) => {
      net.at = `stage_${stage}/block_${b}`;
      const stride = b === 0 ? STRIDES[stage] : 1;
      const narrowed = bottleneck(net, x, block, stride);
      x = head === 'classes' && stride === 1 ? net.add(narrowed, x) : narrowed;
    });
  });
  return finishNetwork(net, x, `EMB ${arch}`, head);
}

/** Widened (unless by 1), depthwise, narrowed. */
function bottleneck(net: Net, input: number, { kernel, expansion }: MobileBlock, stride: number): number {
  const wide = expansion === 1 ? input : net.cbr(input, WIDTH * expansion, 1);
  const through = net.relu(net.norm(net.depthwise(wide, kernel, { stride })));
  return net.cb(through, WIDTH, 1);
}
