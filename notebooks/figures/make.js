// Draws drivers.svg, the figure of the README, from the README's own program:
//   node notebooks/figures/make.js
// Needs a build (npm run build), Chromium or Chrome, and NAS-Bench-201, which is fetched once.
import { fileURLToPath } from 'node:url';
import * as lab from 'nascope';

const bench = await lab.load('nasbench201', { dataset: 'cifar10', pull: true });
const x = lab.features(bench.graphs);
const y = bench.target('val_acc');

const rng = lab.rng(42);
const { train, test } = lab.split(bench.size, { train: 128, test: 1000, rng: rng.fork('split') });
const forest = lab.randomForest({ trees: 100 });
const model = await forest.fit(lab.take(x, train), lab.take(y, train), { rng: rng.fork('fit') });

const shap = lab.treeShap(model, lab.take(x, test));
const figure = lab.importanceBars(shap, { top: 15, unit: 'percentage points of validation accuracy' });
const saved = await lab.save(figure, fileURLToPath(new URL('drivers.svg', import.meta.url)), { width: 'page' });
console.log(`${saved.path}: ${saved.bytes} bytes`);
