import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { type GraphFamilyId, graphFamilies } from '../../../src/core/spaces/families/index.js';
import { importBytes } from '../../../src/data/import/import-model.js';
import { nearestFamilies } from '../../../src/data/import/nearest-family.js';
import { describeShared, shared } from '../../shared.js';

test('networks that were drawn from a family are nearest to it', () => {
  const ids: readonly GraphFamilyId[] = [
    'nasbench101',
    'nasbench201',
    'hiaml',
    'inception',
    'ofa-pn',
    'ofa-mbv3',
    'ofa-resnet',
    'two-path',
  ];
  const found = ids.map((id) => {
    const family = graphFamilies[id] as unknown as (typeof graphFamilies)['hiaml'];
    return nearestFamilies(family.toCompute(family.sample(rng(1234))))[0].family;
  });
  expect(found).toEqual(ids);
});

describeShared('networks of other people', () => {
  test('ResNets are nearest to the family of ResNets, MobileNetV2 to that of inverted bottlenecks', () => {
    const nearest = (file: string): string =>
      nearestFamilies(importBytes(readFileSync(shared('models', file)), { name: file }).graph)[0].family;
    expect(nearest('light_resnet50.onnx')).toBe('ofa-resnet');
    expect(nearest('tfjs_rn_sharded.json')).toBe('ofa-pn');
  });
});
