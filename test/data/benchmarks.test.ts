import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ParseError, UnsupportedError } from '../../src/core/base/errors.js';
import type { Benchmark } from '../../src/data/benchmark.js';
import { load } from '../../src/data/load.js';
import { manifest } from '../../src/data/manifest.js';
import { MICROBENCH_FOLDER } from '../../src/data/microbench-table.js';
import { type BenchmarkId, benchmarks } from '../../src/data/registry.js';
import { describeShared } from '../shared.js';
import { publishedData } from './cache.js';

/** What every benchmark of the registry keeps, on each of its datasets. */
for (const loader of Object.values(benchmarks)) {
  describeShared(`benchmark ${loader.id}`, () => {
    publishedData();
    const id = loader.id as BenchmarkId;

    it('refuses a dataset that it does not have, naming those it has', async () => {
      await expect(load(id, { dataset: 'mnist' })).rejects.toThrow(ParseError);
      await expect(load(id, { dataset: 'mnist' })).rejects.toThrow(loader.datasets.join(', '));
    });

    // A space that nobody can list has a benchmark of some of its architectures, not all of them trained; so have
    // benchmarks of several spaces.
    const listed = loader.space.all !== null && loader.spaces === undefined;
    const target = (bench: Benchmark) => bench.defaultTarget;
    it.each(loader.datasets)('holds architectures of its space once, each column described, on %s', async (dataset) => {
      const bench: Benchmark = await load(id, { dataset, pull: true });
      if (listed) expect([...bench.archs].sort()).toEqual(([...(loader.space.all?.() ?? [])] as string[]).sort());
      else expect(new Set(bench.archs).size).toBe(bench.size);
      if (bench.space.vocabulary.ops.length === 0) expect(() => bench.graphs).toThrow(UnsupportedError);
      else expect(bench.graphs[7]).toEqual(bench.space.toGraph(bench.archs[7]));

      const inPackage = loader.embedded ? readdirSync(MICROBENCH_FOLDER) : [];
      const paths = [...manifest().files.map((f) => f.path), ...inPackage];
      expect(new Set(bench.columns.map((c) => c.name)).size).toBe(bench.columns.length);
      for (const column of bench.columns) {
        expect(column.says).not.toBe('');
        expect(paths).toContain(column.source);
        expect(['', dataset]).toContain(column.dataset);
        expect(column.direction === 'none').toBe(column.role !== 'target');
        expect(bench.column(column.name)).toHaveLength(bench.size);
      }
      expect(bench.target()).toBe(bench.column(target(bench)));
      const labels = bench.target().filter((v) => !Number.isNaN(v));
      expect(labels.every((v) => Number.isFinite(v))).toBe(true);
      if (listed) expect(labels).toHaveLength(bench.size);
      else expect(labels.length).toBeGreaterThan(0);
    });

    it('is the same from the cache as from its import', async () => {
      const dataset = loader.datasets[0];
      const first: Benchmark = await load(id, { dataset, pull: true });
      const again: Benchmark = await load(id, { dataset });
      expect(again.hash).toMatch(/^[0-9a-f]{64}$/);
      expect([again.hash, again.archs, again.columns]).toEqual([first.hash, first.archs, first.columns]);
      const bytes = (bench: Benchmark, name: string) => Buffer.from(bench.column(name).slice().buffer);
      for (const { name } of first.columns) expect(bytes(again, name).equals(bytes(first, name)), name).toBe(true);
    });

    it('keeps rows, complete and table to one meaning', async () => {
      const bench: Benchmark = await load(id, { pull: true });
      const some = bench.rows([5, 3, 3]);
      expect(some.archs).toEqual([bench.archs[5], bench.archs[3], bench.archs[3]]);
      expect([...some.rows([1]).target()]).toEqual([bench.target()[3]]);
      if (bench.space.vocabulary.ops.length > 0) expect(some.graphs[0]).toBe(bench.graphs[5]);
      const full = bench.complete(['proxy', target(bench)]);
      for (const values of full.table('proxy').values) expect(values.every((v) => !Number.isNaN(v))).toBe(true);
      expect(full.table('proxy').columns).toEqual(bench.columns.filter((c) => c.role === 'proxy'));
      expect(() => bench.column('accuracy')).toThrow(target(bench));
      expect(() => bench.target('params')).toThrow(/a target, got "params"/);
      expect(() => bench.rows([bench.size])).toThrow(/whole number/);
    });
  });
}
