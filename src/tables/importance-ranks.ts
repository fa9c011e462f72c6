import { take } from '../core/base/table.js';
import { ranksOf } from '../core/explain/rank-importances.js';
import { treeShap } from '../core/explain/treeshap.js';
import { predictorUnder, protocols } from '../data/protocol.js';
import { type Experiment, seedsFrom42 } from './experiment.js';
import { type CellSource, computed, defineTable, type PaperTable, unavailable } from './paper-table.js';

const COLUMN = 'mean rank';

/** The ten that the figure shows, by space; shortest paths by the operations that they may use. */
const PUBLISHED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  NB201: {
    jacov: 0,
    nwot: 1.12,
    flops: 3.62,
    synflow: 4.08,
    'min path over skip, C3x3, C1x1': 4.78,
    params: 5.04,
    epe_nas: 6.04,
    zen: 6.36,
    'min path over skip, C3x3': 11.08,
    'min path over skip': 11.88,
  },
  'TNB-micro autoencoder': {
    'min path over skip': 0,
    jacov: 1,
    fisher: 2,
    'min path over skip, C3x3': 5.5,
    snip: 5.58,
    'min path over skip, C1x1': 5.64,
    grad_norm: 6.64,
    zen: 8.08,
    grasp: 9.34,
    l2_norm: 9.74,
  },
};

const NB201_PATHS: Readonly<Record<string, string>> = {
  'min path over skip, C3x3, C1x1': 'min_path_len_banned_(1, 4)',
  'min path over skip, C3x3': 'min_path_len_banned_(1, 3, 4)',
  'min path over skip': 'min_path_len_banned_(1, 2, 3, 4)',
};

const entries = Object.entries(PUBLISHED).flatMap(([space, ranks]) =>
  Object.entries(ranks).map(([feature, rank]) => ({ row: `${space}: ${feature}`, space, feature, rank })),
);

/** SHAP values of how many test nets: all of them as in the paper, or the first few hundred to be quick. */
export interface ImportanceOptions {
  readonly testRows: number | null;
}

export function importanceRanks({ testRows }: ImportanceOptions): PaperTable {
  const nets = testRows === null ? 'all test nets' : `the first ${testRows.toLocaleString('en')} of 8,421 test nets`;
  const experiment = shapRanks(testRows);
  return defineTable({
    id: testRows === null ? 'importance-ranks-all-nets' : 'importance-ranks',
    says: `rank of features by mean |SHAP| over ${nets}, forest on ZCP+GRAF with 1,024 labels: mean of 50 splits`,
    cites: ['graf', 'nasbench201', 'suite-zero', 'treeshap'],
    where: "authors' blog post (gabikadlecova.github.io), figure explaaain.png, its printed numbers",
    rowsAre: 'feature',
    rows: entries.map(({ row }) => row),
    columnsAre: 'statistic',
    columns: [COLUMN],
    published: Object.fromEntries(entries.map(({ row, rank }) => [row, [rank]])),
    costly: testRows === null,
    cell(row): CellSource {
      const { space, feature } = entries[entries.findIndex((e) => e.row === row)];
      if (space !== 'NB201') return unavailable('the thirteen proxies were published for class_scene only');
      const cell = computed(experiment, NB201_PATHS[feature] ?? feature, {
        summary: 'mean',
        tolerance: {
          abs: 1,
          because: 'ranks of correlated features change places from split to split; the text says 10 runs, the script 50',
        },
      });
      return testRows === null ? cell : { ...cell, look: 'stand-in', note: `mean |SHAP| over ${nets}` };
    },
  });
}

function shapRanks(testRows: number | null): Experiment {
  const of = {
    benchmark: 'nasbench201',
    dataset: 'cifar10',
    target: 'val_acc',
    features: 'graf+zcp',
    version: 'icml24',
  } as const;
  return {
    id: `zc_combine rank of mean |SHAP| rf nasbench201/cifar10 val_acc graf+zcp icml24 n=1024 test=${testRows ?? 'all'}`,
    benchmark: 'nasbench201',
    dataset: 'cifar10',
    seeds: seedsFrom42(50),
    async run(seed, workbench) {
      const { bench, x, y } = await workbench.rows(of);
      const { signal } = workbench;
      const split = protocols.zc_combine.split(bench.size, 1024, seed);
      const fit = { rng: protocols.zc_combine.fitRng(seed), signal };
      const model = await predictorUnder(protocols.zc_combine, 'rf').fit(take(x, split.train), take(y, split.train), fit);
      const explained = take(x, testRows === null ? split.test : split.test.slice(0, testRows));
      const importance = treeShap(model, explained, { signal }).importance();
      const ranks = ranksOf(importance);
      return Object.fromEntries(importance.columns.map(({ name }, column) => [name, ranks[column]]));
    },
  };
}
