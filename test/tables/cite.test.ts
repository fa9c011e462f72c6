import { expect, test } from 'vitest';
import { randomForest } from '../../src/core/models/forest.js';
import { predictors } from '../../src/core/models/index.js';
import { spaces } from '../../src/core/spaces/index.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import { benchmarks } from '../../src/data/registry.js';
import { citations } from '../../src/tables/citations.js';
import { cite } from '../../src/tables/cite.js';
import { tablesNamed } from '../../src/tables/registry.js';

const keys = (bibtex: string): string[] => [...bibtex.matchAll(/^@\w+\{([^,]+),/gm)].map((m) => m[1]);

test('everything that this package names by id can be cited', () => {
  for (const thing of [...Object.values(benchmarks), ...Object.values(spaces)])
    expect(keys(cite(thing)), thing.id).not.toEqual([]);
  for (const make of Object.values(predictors)) expect(keys(cite(make())), make().id).not.toEqual([]);
});

test('works are named once, however often they were used', () => {
  const [table] = tablesNamed(['graf-tnb-micro']);
  expect(keys(cite(benchmarks.nasbench201, table, randomForest(), 'graf', { kind: 'shap-values' }))).toEqual([
    'kadlecova2024graf',
    'dong2020nasbench201',
    'duan2021transnas',
    'krishnakumar2022suitezero',
    'li2021hwnasbench',
    'jung2023robustness',
    'yan2020arch2vec',
    'breiman2001forests',
    'lundberg2018treeshap',
  ]);
});

test('a space is cited alone, its benchmark with all that was measured', () => {
  expect(keys(cite(nasbench201))).toEqual(['dong2020nasbench201']);
  expect(keys(cite(benchmarks.nasbench301))).toEqual(['zela2022surrogate', 'liu2019darts', 'krishnakumar2022suitezero']);
  expect(keys(cite(spaces.nasbench301))).toEqual(['zela2022surrogate', 'liu2019darts']);
  expect(keys(cite('nasbench101', 'wl'))).toEqual([
    'ying2019nasbench101',
    'krishnakumar2022suitezero',
    'shervashidze2011wl',
    'ru2021nasbowl',
  ]);
  expect(() => cite('nope')).toThrow(/suite-zero/);
});

test('entries are whole: braces balance, keys differ, each has title, author and year', () => {
  const entries = Object.values(citations);
  expect(new Set(entries.flatMap(keys)).size).toBe(entries.length);
  for (const entry of entries) {
    expect(entry.match(/\{/g)?.length).toBe(entry.match(/\}/g)?.length);
    expect(entry).toMatch(/^@\w+\{\w+,\n {2}title = \{.+\},\n {2}author = \{.+\},\n[\s\S]*year = \{\d{4}\}[\s\S]*\n\}$/);
  }
});
