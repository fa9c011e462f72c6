import { expect, it } from 'vitest';
import { inferShapes } from '../../../../src/core/ir/shapes.js';
import { familyNamed } from '../../../../src/core/spaces/families/index.js';
import { describeShared, readShared } from '../../../shared.js';

describeShared('the networks with surrogate labels', () => {
  it.each([
    ['ofa-pn', 'ofa_pn_surrogate.csv', 8200, [109, 199]],
    ['ofa-mbv3', 'ofa_mbv3_surrogate.csv', 7500, [155, 293]],
  ])('of %s are read and written as they stand, and become networks of the published sizes', (id, file, count, range) => {
    const family = familyNamed(id);
    const archs = readShared('surrogates', file)
      .split('\n')
      .slice(1)
      .filter((line) => line !== '')
      .map((line) => line.split(';')[0]);
    expect(archs).toHaveLength(count);
    expect(archs.filter((arch) => family.format(family.parse(arch)) !== arch)).toEqual([]);
    for (const arch of archs.filter((_, i) => i % 200 === 0)) {
      const graph = family.toCompute(family.parse(arch));
      expect(graph.nodes.length).toBeGreaterThanOrEqual(range[0]);
      expect(graph.nodes.length).toBeLessThanOrEqual(range[1]);
      expect(inferShapes(graph).out.at(-1)).toEqual(id === 'ofa-pn' ? [1000] : [1, 1, 1000]);
    }
  });
});
