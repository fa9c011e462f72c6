import type { ComputeGraph } from '../../ir/compute-graph.js';
import type { Net } from '../families/net.js';
import { type ChainOp, microTwoPath, twoChains } from '../micro-two-path.js';
import type { ArchId } from '../space.js';
import { type Head, microNetwork } from './macro.js';
import type { MicroFamily } from './micro-family.js';

/** Cells of two chains. A concatenation is projected back to the cell's channels by a 1x1 convolution. */
export const e2p: MicroFamily<'E2P', 'micro-two-path'> = {
  id: 'E2P',
  title: 'Two-path cells',
  says: 'two chains of one to four operations that meet in a sum or a concatenation',
  space: microTwoPath,
  parse: (text) => microTwoPath.parse(text),
  format: (arch) => arch,
  canonical: (arch) => microTwoPath.canonical(arch),
  canonicalId: (arch) => microTwoPath.canonical(arch),
  isLive: () => true,
  drawnOnce: (arch) => microTwoPath.canonical(arch),
  sample: (rng) => microTwoPath.canonical(microTwoPath.sample(rng)),
  toCompute: (arch, head) => network(microTwoPath.canonical(arch), head),
  toComputeAsWritten: network,
};

function network(arch: ArchId<'micro-two-path'>, head: Head): ComputeGraph {
  const { chains, merge } = twoChains(arch);
  return microNetwork(`E2P ${arch}`, head, (net, input, path) => {
    const ends = chains.map((chain, c) =>
      chain.reduce((x, op, i) => {
        net.at = `${path}/chain_${c}/op_${i}`;
        return operation(net, x, op);
      }, input),
    );
    net.at = `${path}/merge`;
    if (merge === 'add') return net.addAll(ends);
    return net.cb(net.relu(net.concat(ends)), net.channels(input), 1);
  });
}

function operation(net: Net, x: number, op: ChainOp): number {
  if (op === 'mp3' || op === 'ap3') return net.pool(x, op === 'mp3' ? 'max' : 'avg', 3, 1);
  return net.cb(net.relu(x), net.channels(x), op === 'c3' ? 3 : 1);
}
