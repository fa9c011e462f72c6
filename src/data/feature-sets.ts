import { ParseError, UnsupportedError } from '../core/base/errors.js';
import { type FeatureTable, featureTable, joinColumns } from '../core/base/table.js';
import { type FeaturesOptions, features, onehot, pathEncoding, weisfeilerLehman } from '../core/features/index.js';
import type { Benchmark, DataColumn, FeatureSetId } from './benchmark.js';
import { microPrior } from './micro-prior.js';

/** The sets in the order in which their columns stand: that of the published experiments. */
const ORDER: readonly FeatureSetId[] = ['graf', 'zcp', 'flops', 'onehot', 'path', 'arch2vec', 'wl', 'micro'];
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
 * The columns that predictors are trained on: GRAF, then proxies (`zcp` all that nets with a label have, `flops` FLOPs and
 * parameters, which `zcp` already holds), one-hot, path, arch2vec, Weisfeiler-Lehman subtrees, whatever order is typed.
 * Missing numbers are NaN: `bench.complete` with `featureSetColumns` leaves out the rows that have some. The columns of
 * `wl` are the subtrees that occur among these rows, so that other rows may have other columns. `micro` is what MicroBench's
 * small trained networks suggest (`microPrior`): cells of NAS-Bench-201 only, and not MicroBench itself, whose labels it knows.
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
        return ownColumns(bench, proxies(bench));
      case 'flops':
        return wanted.includes('zcp') ? featureTable(bench.size, [], []) : ownColumns(bench, flopsAndParams(bench));
      case 'onehot':
        return onehot(bench.graphs);
      case 'path':
        return pathEncoding(bench.graphs);
      case 'arch2vec':
        return bench.table('embedding');
      case 'wl':
        return weisfeilerLehman(bench.graphs);
      case 'micro':
        return microPrior(bench.graphs);
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
    if (set === 'micro') checkMicro(bench);
    if (set !== 'zcp' && set !== 'flops' && set !== 'arch2vec') return [];
    const names = columnsOf[set](bench).map((c) => c.name);
    if (names.length === 0) {
      const own = set === 'arch2vec' ? '' : ' In a table of your own the option proxies of benchmark() names them.';
      throw new UnsupportedError(
        `The feature set ${set} on ${bench.id} ${bench.dataset}`.trim(),
        `Its columns: ${bench.columns.map((c) => c.name).join(', ')}.${own}`,
      );
    }
    return names;
  });
  return [...new Set(needed)];
}

function checkMicro(bench: Benchmark): void {
  const because =
    bench.id === 'microbench'
      ? 'It was learned from these labels, so that no test would mean anything.'
      : 'It is known for the cells of nasbench201 only.';
  if (bench.id === 'microbench' || bench.space.id !== 'nasbench201') {
    throw new UnsupportedError(`The feature set micro on ${bench.id} ${bench.dataset}`.trim(), because);
  }
}

const columnsOf: Readonly<Record<'zcp' | 'flops' | 'arch2vec', (bench: Benchmark) => DataColumn[]>> = {
  zcp: proxies,
  flops: flopsAndParams,
  arch2vec: (bench) => bench.columns.filter((c) => c.role === 'embedding'),
};

/** Of a benchmark with labels, the proxies that some labelled net has: nothing is learned from those of a pool alone. */
function proxies(bench: Benchmark): DataColumn[] {
  const all = bench.columns.filter((c) => c.role === 'proxy');
  const labels = bench.target();
  const some = (values: Float64Array): boolean => values.some((v, row) => !Number.isNaN(v) && !Number.isNaN(labels[row]));
  const found = all.filter((c) => some(bench.column(c.name)));
  return found.length > 0 ? found : all;
}

function flopsAndParams(bench: Benchmark): DataColumn[] {
  return bench.columns.filter((c) => c.role === 'proxy' && FLOPS_AND_PARAMS.includes(c.name));
}

function ownColumns(bench: Benchmark, columns: readonly DataColumn[]): FeatureTable {
  return featureTable(
    bench.size,
    columns,
    columns.map((c) => bench.column(c.name)),
  );
}
