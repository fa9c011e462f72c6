import { expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { split } from '../../../src/core/base/split.js';
import { take } from '../../../src/core/base/table.js';
import { score } from '../../../src/core/metrics/index.js';
import { evaluate } from '../../../src/core/models/evaluate.js';
import { randomForest } from '../../../src/core/models/forest.js';
import { noisyRows } from './rows.js';

test('evaluate fits on the training rows and scores on the others', async () => {
  const { x, y } = noisyRows(120, 1);
  const parts = split(120, { train: 80, rng: rng(1) });
  const model = await randomForest({ trees: 10 }).fit(take(x, parts.train), take(y, parts.train), { rng: rng(2) });
  const byHand = score(model.predict(take(x, parts.test)), take(y, parts.test), { direction: 'lower' });
  const { fit_s, predict_s, ...row } = await evaluate(randomForest({ trees: 10 }), x, y, parts, {
    rng: rng(2),
    direction: 'lower',
  });
  expect(row).toEqual(byHand);
  expect(fit_s).toBeGreaterThan(0);
  expect(predict_s).toBeGreaterThan(0);
});
