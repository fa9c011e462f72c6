import { ParseError, UnsupportedError } from '../core/base/errors.js';
import { type FeatureTable, featureTable, joinColumns } from '../core/base/table.js';
import { type FeaturesOptions, features, onehot, pathEncoding } from '../core/features/index.js';
import type { Benchmark, FeatureSetId } from './benchmark.js';

/** The sets in the order in which their columns stand: that of the published experiments. */
const ORDER: readonly FeatureSetId[] = ['graf', 'zcp', 'flops', 'onehot', 'path', 'arch2vec'];
const FLOPS_AND_PARAMS: readonly string[] = ['flops', 'params'];

/** Feature sets from their names, joined by `+` or as a list; each once, in the published order. @throws ParseError. */
export function parseFeatureSets(sets: string | readonly string[]): FeatureSetId[] {
  const text = typeof sets === 'string' ? sets : sets.join('+');
  let at = 0;
  const asked = new Set<string>();
  for (const part of text.split('+')) {
    if (!ORDER.includes(part.trim() as FeatureSetId)) {
      throw new ParseError({ what: 'feature sets', text, at, expected: `one of ${ORDER.join(', ')}, joined by +` });
    }
    asked.add(part.trim());
    at += part.length + 1;
  }
  return ORDER.filter((set) => asked.has(set));
}

/**
 * The columns that predictors are trained on: GRAF, then proxies (`zcp` all of them, `flops` FLOPs and parameters, which
 * `zcp` already holds), one-hot, path, arch2vec, whatever order is typed. Missing numbers are NaN: `bench.complete`
 * with `featureSetColumns` leaves out the rows that have some.
 * @throws ParseError for an unknown set; UnsupportedError for one that the benchmark or its space does not have.
 */
export function featureSets(bench: Benchmark, sets: string | readonly string[], options: FeaturesOptions = {}): FeatureTable {
  const wanted = parseFeatureSets(sets);
  featureSetColumns(bench, wanted);
  const table = (set: FeatureSetId): FeatureTable => {
    switch (set) {
      case 'graf':
        return features(bench.graphs, undefined, options);
      case 'zcp':
        return bench.table('proxy');
      case 'flops':
        return wanted.includes('zcp') ? featureTable(bench.size, [], []) : flopsAndParams(bench);
      case 'onehot':
        return onehot(bench.graphs);
      case 'path':
        return pathEncoding(bench.graphs);
      case 'arch2vec':
        return bench.table('embedding');
    }
  };
  return joinColumns(wanted.map(table));
}

/**
 * The benchmark's own columns behind feature sets (GRAF and the encodings come from graphs and need none):
 * `bench.complete([target, ...featureSetColumns(bench, sets)])` keeps the rows that can be learned from.
 * @throws UnsupportedError when the benchmark has none for a set.
 */
export function featureSetColumns(bench: Benchmark, sets: string | readonly string[]): string[] {
  const needed = parseFeatureSets(sets).flatMap((set) => {
    if (set !== 'zcp' && set !== 'flops' && set !== 'arch2vec') return [];
    const names = bench.columns.filter((c) => belongs(set, c.name, c.role)).map((c) => c.name);
    if (names.length === 0) {
      throw new UnsupportedError(
        `The feature set ${set} on ${bench.id} ${bench.dataset}`.trim(),
        `Its columns: ${bench.columns.map((c) => c.name).join(', ')}.`,
      );
    }
    return names;
  });
  return [...new Set(needed)];
}

function belongs(set: 'zcp' | 'flops' | 'arch2vec', name: string, role: string): boolean {
  if (set === 'arch2vec') return role === 'embedding';
  return role === 'proxy' && (set === 'zcp' || FLOPS_AND_PARAMS.includes(name));
}

function flopsAndParams(bench: Benchmark): FeatureTable {
  const columns = bench.columns.filter((c) => belongs('flops', c.name, c.role));
  return featureTable(
    bench.size,
    columns,
    columns.map((c) => bench.column(c.name)),
  );
}
