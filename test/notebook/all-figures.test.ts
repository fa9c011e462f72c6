import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { rng } from '../../src/core/base/rng.js';
import { accumulatedEffects } from '../../src/core/explain/accumulated-effects.js';
import { edits, editsOfAll } from '../../src/core/explain/edits.js';
import { editsHeld } from '../../src/core/explain/edits-held.js';
import { interactionStrengths } from '../../src/core/explain/interactions.js';
import { partialDependencePair } from '../../src/core/explain/partial-dependence.js';
import { proxyBiases } from '../../src/core/explain/proxy-bias.js';
import { treeShap } from '../../src/core/explain/treeshap.js';
import { features } from '../../src/core/features/index.js';
import { randomForest } from '../../src/core/models/forest.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import { columnAgreement } from '../../src/data/column-agreement.js';
import { load } from '../../src/data/load.js';
import { benchmark } from '../../src/data/own-table.js';
import { exportHtml } from '../../src/kernel/export-html.js';
import { card } from '../../src/notebook/card/card.js';
import { agreementMap } from '../../src/notebook/figures/agreement-map.js';
import { beeswarm } from '../../src/notebook/figures/beeswarm.js';
import { dependence } from '../../src/notebook/figures/dependence.js';
import { dependenceCurve } from '../../src/notebook/figures/dependence-curve.js';
import { dependenceSurface } from '../../src/notebook/figures/dependence-surface.js';
import { editPictures } from '../../src/notebook/figures/edits.js';
import { editsHeldBars } from '../../src/notebook/figures/edits-held.js';
import { embeddingScatter } from '../../src/notebook/figures/embedding-scatter.js';
import { importanceBars } from '../../src/notebook/figures/importance-bars.js';
import { importanceByFamily } from '../../src/notebook/figures/importance-by-family.js';
import { interactionMap } from '../../src/notebook/figures/interactions.js';
import { learningCurves } from '../../src/notebook/figures/learning-curves.js';
import { paretoFront } from '../../src/notebook/figures/pareto-front.js';
import { predictedVsTrue } from '../../src/notebook/figures/predicted-vs-true.js';
import { predictionIntervals } from '../../src/notebook/figures/prediction-intervals.js';
import { proxyBiasMap } from '../../src/notebook/figures/proxy-bias.js';
import { tauBySize } from '../../src/notebook/figures/tau-by-size.js';
import { waterfall } from '../../src/notebook/figures/waterfall.js';
import { mimeBundle } from '../../src/notebook/mime-bundle.js';
import { sideBySide } from '../../src/notebook/panels.js';
import { describeChromium, loadPage } from '../chromium.js';
import { book, code, temporaryFolder } from '../kernel/small-notebooks.js';

const folder = temporaryFolder();

/** Labels that stick out of their figure, and labels that lie on each other, in the page. */
const misplaced = `[...document.querySelectorAll('.plotly')].flatMap((plot, p) => {
  const frame = plot.getBoundingClientRect();
  const texts = [...plot.querySelectorAll('.xtick text, .ytick text, .xtitle, .ytitle, .annotation-text, .legendtext')]
    .map((node) => ({ text: node.textContent, box: node.getBoundingClientRect() }));
  const out = texts.filter(({ box }) => box.left < frame.left - 2 || box.right > frame.right + 2 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2);
  const on = texts.flatMap((a, i) => texts.slice(0, i).filter((b) =>
    Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 2 &&
    Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 2).map((b) => a.text + ' on ' + b.text));
  return [...out.map(({ text }) => p + ': out: ' + text), ...on.map((pair) => p + ': ' + pair)];
})`;

describeChromium('an exported page with every kind of figure', () => {
  test.each([
    ['light', 1000],
    ['dark', 760],
  ] as const)('draws them all in the %s scheme %i pixels wide, no label cut off or on another, nothing fetched', async (scheme, width) => {
    vi.stubEnv('NASCOPE_RUNNER', '1');
    const values = await everyKind();
    const outputs = values.map((value) => ({ output_type: 'display_data' as const, data: mimeBundle(value), metadata: {} }));
    vi.unstubAllEnvs();
    const path = join(folder, `${scheme}.html`);
    writeFileSync(path, await exportHtml(book(code('x', { outputs })), { title: 'figures' }));
    const page = await loadPage(pathToFileURL(path).href, {
      dark: scheme === 'dark',
      width,
      until: "document.documentElement.dataset.drawn === 'yes'",
      evaluate: `({ drawn: document.querySelectorAll('.plotly .cartesianlayer .subplot').length, labelled: document.querySelectorAll('.ytick text').length > 80, misplaced: ${misplaced} })`,
    });
    expect(page.messages).toEqual([]);
    expect(page.requests.filter((url) => !/^(?:file|data|blob|about):/.test(url))).toEqual([]);
    expect(page.value).toEqual({ drawn: 24, labelled: true, misplaced: [] });
  });
});

/** Seventeen figures, two of them side by side once more, pictures of edits, a card and a summary. */
async function everyKind(): Promise<unknown[]> {
  const archs = [...new Set(Array.from({ length: 150 }, (_, i) => nasbench201.sample(rng(i))))];
  const noise = rng(7);
  const rows = archs.map((net) => ({
    net,
    accuracy: 60 + 5 * (net.match(/2|3/g)?.length ?? 0) + noise.normal(),
    latency: noise.uniform(),
  }));
  const latency = { name: 'latency', says: 'latency on a telephone', unit: 'ms', direction: 'lower' as const };
  const bench = benchmark(rows, { space: 'nasbench201', arch: 'net', targets: [{ name: 'accuracy', unit: '%' }, latency] });
  const x = features(bench.graphs);
  const y = bench.target('accuracy');
  const model = await randomForest({ trees: 10 }).fit(x, y, { rng: rng(1) });
  const shap = treeShap(model, x);
  const top = shap.importance().mean.indexOf(Math.max(...shap.importance().mean));
  const column = shap.columns[top].name;
  const taus = ['GRAF', 'one-hot'].flatMap((series, s) =>
    [32, 128, 1024].flatMap((train) =>
      [0, 1, 2].map((k) => ({ series, train, tau: 0.4 + s / 10 + Math.log2(train) / 40 + k / 50 })),
    ),
  );
  const losses = ['training', 'validation'].flatMap((series, s) =>
    Array.from({ length: 30 }, (_, step) => ({ series, step, value: 2 * Math.exp(-step / 9) + s / 5 })),
  );
  const bars = importanceBars(shap, { top: 12, unit: '%', title: 'What drives it' });
  const small = await randomForest({ trees: 5, maxDepth: 5 }).fit(x, y, { rng: rng(2) });
  const accuracy = (arch: string): number => 60 + 5 * (arch.match(/2|3/g)?.length ?? 0);
  const proxies = { ...features(bench.graphs, ['op_count']), kind: 'feature-table' as const };
  const halves = { train: Int32Array.from({ length: 80 }, (_, r) => r), test: Int32Array.from({ length: 60 }, (_, r) => 80 + r) };
  const biases = await proxyBiases(proxies, x, { predictor: randomForest({ trees: 4 }), split: halves, rng: rng(4) });
  const truth = predictedVsTrue(model.predict(x), y, { target: 'accuracy', unit: '%', names: archs });
  const value = model.predict(x);
  const intervals = { value, low: value.map((v) => v - 4), high: value.map((v) => v + 4) };
  const ood = archs.map((_, r) => Number(r % 9 === 0));
  return [
    bars,
    importanceByFamily(shap),
    beeswarm(shap, x, { unit: '%' }),
    waterfall(shap, 3, { x, unit: '%' }),
    dependence(shap, x, column, { unit: '%' }),
    dependence(model, x, column, { unit: '%' }),
    dependenceCurve(accumulatedEffects(model, x, column), { unit: '%' }),
    dependenceSurface(partialDependencePair(model, x, [column, 'op_count_2']), { unit: '%' }),
    interactionMap(interactionStrengths(small, x), { unit: '%' }),
    editPictures(edits(model, bench.space, bench.archs[0]), { unit: '%', truth: accuracy }),
    editsHeldBars(editsHeld(editsOfAll(model, bench.space, bench.archs), accuracy)),
    proxyBiasMap(biases),
    agreementMap(columnAgreement(await load('microbench', { dataset: 'E2P' }))),
    truth,
    predictionIntervals(intervals, y, { target: 'accuracy', unit: '%', ood, names: archs }),
    tauBySize(taus, { ceiling: { tau: 0.9, label: 'noise ceiling (two training seeds)' } }),
    learningCurves(losses, { value: 'loss (nats)' }),
    paretoFront(bench, { x: 'latency', y: 'accuracy' }),
    embeddingScatter(x, { colour: y, colourSays: 'accuracy (%)', names: archs }),
    embeddingScatter(x, { colour: archs.map((arch) => (arch.includes('1') ? 'with none' : 'without')) }),
    sideBySide(learningCurves(losses), truth),
    card(archs[0], bench, { model, x }),
    model,
  ];
}
