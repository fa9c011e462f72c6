import { expect, test } from 'vitest';
import { microFamilyNamed } from '../../src/core/spaces/micro/index.js';
import { ENGINE_VERSION } from '../../src/micro/engine/version.js';
import { labelSettings } from '../../src/micro/label-settings.js';
import { SceneSource } from '../../src/micro/scenes.js';
import { trainUnit } from '../../src/micro/train.js';

interface Known {
  readonly metrics: Readonly<Record<string, number>>;
  readonly loss: readonly number[];
}

const NETS = [
  ['E201', 'cls', '|nor_conv_3x3~0|+|nor_conv_1x1~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|none~2|'],
  [
    'E101',
    'den',
    '(0, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 3, 4, 4, 2, 1)',
  ],
  ['E2P', 'seg', 'c3,mp3|ap3,c1/concat'],
] as const;

/** What two epochs with seed 1 give, by the engine's version: scenes, first weights, training, metrics, to the last bit. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, Known>>>> = {
  '1': {
    E201: {
      metrics: { 'cls.acc': 21.125, 'cls.nll': 2.0874066999475325, 'cls.ece': 0.013985271682473694, 'cls.acc_noise': 17.75 },
      loss: [2.2559758524043967, 2.1460891505674855],
    },
    E101: { metrics: { 'den.psnr': 12.335172786099225 }, loss: [1.763220357879153, 0.5812703087152833] },
    E2P: { metrics: { 'seg.iou': 10.220913769467604 }, loss: [2.3018180539649893, 1.6118354561083357] },
  },
};

test.each(
  NETS,
)(`two epochs of %s for %s give the numbers of engine version ${ENGINE_VERSION}, bit for bit`, async (id, task, arch) => {
  const family = microFamilyNamed(id);
  const { scenes, train } = labelSettings(id, task);
  const result = await trainUnit({
    graph: family.toCompute(family.parse(arch), task === 'cls' ? 'classes' : 'pixels'),
    task,
    seed: 1,
    scenes: new SceneSource(1, scenes, train.scenesPerEpoch).task(task),
    settings: { ...train, epochs: 2 },
  });
  const metrics = Object.fromEntries(result.metrics.map(({ metric, value }) => [metric, value]));
  expect({ metrics, loss: result.loss }).toEqual(KNOWN[ENGINE_VERSION]?.[id]);
});
