import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseShard, planUnits, shardUnits } from '../../src/tables/plan.js';
import { smallTable } from './small-table.js';

test('shards share a plan out: each unit to one of them, evenly', () => {
  const units = planUnits([smallTable], null);
  expect(units).toHaveLength(12);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), (of) => {
      const shards = Array.from({ length: of }, (_, i) => shardUnits(units, { index: i + 1, of }));
      const key = (u: (typeof units)[number]) => `${u.experiment.id} ${u.seed}`;
      expect(shards.flat().map(key).sort()).toEqual(units.map(key).sort());
      const sizes = shards.map((shard) => shard.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('shards are read as I/N', () => {
  expect(parseShard('2/8')).toEqual({ index: 2, of: 8 });
  for (const wrong of ['0/4', '5/4', '1', '1/0', 'a/b', '1/4/2', '-1/4']) expect(() => parseShard(wrong)).toThrow(/--shard/);
});
