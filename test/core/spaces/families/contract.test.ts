import { describe, expect, it } from 'vitest';
import { ParseError } from '../../../../src/core/base/errors.js';
import { rng } from '../../../../src/core/base/rng.js';
import { cost } from '../../../../src/core/ir/cost.js';
import { inferShapes } from '../../../../src/core/ir/shapes.js';
import type { Family, FamilyConfig } from '../../../../src/core/spaces/families/family.js';
import { familyNamed, graphFamilies } from '../../../../src/core/spaces/families/index.js';

for (const id of Object.keys(graphFamilies)) describe(id, () => familyContract(id, familyNamed(id)));

/** What every family promises; a new one is tested by its line in the registry. */
function familyContract(id: string, family: Family<string, FamilyConfig, object>): void {
  const drawn = Array.from({ length: 12 }, (_, i) => family.sample(rng(5).fork(i)));

  it('is registered under its own id and says where it comes from', () => {
    expect(family.id).toBe(id);
    expect(family.cite).toMatch(/arXiv \d{4}\.\d{5}/);
  });

  it('reads its example, and what it writes: parse and format are inverse', () => {
    for (const config of [family.parse(family.example), ...drawn]) {
      expect(config.family).toBe(id);
      expect(family.parse(family.format(config))).toEqual(config);
      expect(family.format(family.parse(family.format(config)))).toBe(family.format(config));
    }
    expect(family.format(family.parse(family.example))).toBe(family.example);
  });

  it('reads its configurations as JSON', () => {
    for (const config of drawn) {
      expect(family.read(JSON.parse(JSON.stringify(config)))).toEqual(config);
      expect(family.parse(JSON.stringify(config))).toEqual(config);
    }
  });

  it('draws the same from the same seed, and different ones', () => {
    expect(Array.from({ length: 12 }, (_, i) => family.sample(rng(5).fork(i)))).toEqual(drawn);
    expect(new Set(drawn.map((config) => JSON.stringify(config))).size).toBeGreaterThan(6);
  });

  it('mutates into another architecture of the family', () => {
    let config = drawn[0];
    for (let step = 0; step < 40; step++) {
      const before = JSON.stringify(config);
      const mutant = family.mutate(config, rng(9).fork(step));
      expect(JSON.stringify(config)).toBe(before);
      expect(JSON.stringify(mutant)).not.toBe(before);
      expect(family.read(mutant)).toEqual(mutant);
      config = mutant;
    }
  });

  it('makes whole networks: one image in, one vector out, plain data', () => {
    for (const config of drawn.slice(0, 4)) {
      const graph = family.toCompute(config);
      expect(family.toCompute(config)).toEqual(graph);
      expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
      const { in: seen, out } = inferShapes(graph);
      const types = graph.nodes.map((node) => node.op.type);
      expect([types.filter((type) => type === 'input').length, types.indexOf('input')]).toEqual([1, 0]);
      expect([types.filter((type) => type === 'output').length, types.indexOf('output')]).toEqual([1, types.length - 1]);
      expect(out[0][2]).toBe(3);
      const end = out[out.length - 1];
      expect([10, 1000]).toContain(end[end.length - 1]);
      expect(seen).toHaveLength(out.length);
      const { flops, macs, params } = cost(graph);
      expect(flops).toBeGreaterThan(macs);
      expect(Number.isInteger(params) && params > 0).toBe(true);
    }
  });

  it('refuses what is not of it with a ParseError', () => {
    const bad = [
      '',
      '{',
      '{}',
      '[]',
      'null',
      '{"family":"other"}',
      `{"family":"${id}"}`,
      'x'.repeat(200_000),
      'e3k3',
      '1;2',
      '::',
      '@',
      'null,null',
    ];
    for (const text of bad) expect(() => family.parse(text), text.slice(0, 30)).toThrow(ParseError);
    for (const value of [null, 1, 'text', [], [1], { family: 'other' }]) expect(() => family.read(value)).toThrow(ParseError);
    expect(() => family.read({ family: 'other' })).toThrow(/, got "other"$/);
    const config = JSON.parse(JSON.stringify(drawn[0])) as Record<string, unknown>;
    for (const key of Object.keys(config).filter((name) => name !== 'family' && name !== 'resolution')) {
      for (const value of [null, 'none', [], {}, -1, [[]], [null], [['a']]]) {
        expect(() => family.read({ ...config, [key]: value }), `${key} ${JSON.stringify(value)}`).toThrow(ParseError);
      }
    }
  });
}
