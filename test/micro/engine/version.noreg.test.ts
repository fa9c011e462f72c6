import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import type { ComputeGraph } from '../../../src/core/ir/compute-graph.js';
import { compileNetwork } from '../../../src/micro/engine/compile.js';
import { ENGINE_VERSION } from '../../../src/micro/engine/version.js';
import { fillGaussian } from '../../../src/micro/exact-math.js';
import { act, BN, cellNetwork, chain, conv, depthwise, pool } from './small-graphs.js';

/** The weights after five steps, as the engine of this version leaves them on every machine. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1': { cells: '57163362d86be7a4', blocks: 'bff8621e708495a8' },
};

const graphs: Readonly<Record<string, ComputeGraph>> = {
  cells: cellNetwork(),
  blocks: chain(
    [8, 8, 2],
    ...[conv(8, 3, { stride: [2, 2] }), BN, act('relu'), conv(12, 1), BN, act('relu6'), depthwise(5), BN, pool('max', 3)],
    ...[depthwise(3, { stride: [2, 2] }), BN, act('swish'), conv(16, 1, { bias: true }), act('tanh')],
    ...[{ type: 'depth-to-space', block: 2 } as const, conv(3, 3, { groups: 1 }), pool('avg', 3, 2)],
  ),
};

for (const [name, graph] of Object.entries(graphs)) {
  test(`training ${name} gives the bits of engine version ${ENGINE_VERSION}: other bits need another version`, () => {
    expect(weightsAfterTraining(graph)).toBe(KNOWN[ENGINE_VERSION]?.[name]);
  });
}

function weightsAfterTraining(graph: ComputeGraph): string {
  const network = compileNetwork(graph, { batch: 8, rng: rng(1) });
  const random = rng(2);
  const [x, y] = [network.inputShape, network.outputShape].map((shape) => new Float32Array(8 * shape.reduce((a, b) => a * b)));
  for (let i = 0; i < 5; i++) {
    fillGaussian(x, random.fork(`x${i}`));
    fillGaussian(y, random.fork(`y${i}`));
    network.forward(x, 'train');
    network.loss('squared-error', y, 1 / y.length);
    network.backward();
    network.step({ learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4 });
  }
  const hash = createHash('sha256');
  for (const { value } of network.parameters) hash.update(new Uint8Array(value.slice().buffer));
  network.release();
  return hash.digest('hex').slice(0, 16);
}
