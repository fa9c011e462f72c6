import { afterEach, describe, expect, test, vi } from 'vitest';
import { ShapeError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { featureTable } from '../../src/core/base/table.js';
import type { Importance } from '../../src/core/explain/importance.js';
import { graphStats } from '../../src/core/ir/graph-stats.js';
import { randomForest } from '../../src/core/models/forest.js';
import { hiaml } from '../../src/core/spaces/families/hiaml.js';
import { spaces } from '../../src/core/spaces/index.js';
import { outputHtml } from '../../src/kernel/output-html.js';
import { describeCompute } from '../../src/notebook/compute-picture.js';
import { gridHtml, gridText } from '../../src/notebook/data-grid.js';
import { escapeMarkup } from '../../src/notebook/escape.js';
import { PLOTLY_MIME } from '../../src/notebook/figure-bundle.js';
import { importanceBars } from '../../src/notebook/figures/importance-bars.js';
import { predictedVsTrue } from '../../src/notebook/figures/predicted-vs-true.js';
import { frame, table } from '../../src/notebook/frame.js';
import { mimeBundle } from '../../src/notebook/mime-bundle.js';
import { PANELS_MIME, sideBySide } from '../../src/notebook/panels.js';
import { show } from '../../src/notebook/show.js';
import { type DisplaySink, type MimeBundle, setDisplaySink } from '../../src/notebook/sink.js';
import { elements } from './xml.js';

const evil = '<img src=x onerror="alert(1)">&</td>';
const column = (name: string, family = 'op_count'): { name: string; says: string; family: string; unit: string } => ({
  name,
  says: `words for ${name}`,
  family,
  unit: 'edges',
});

function htmlOf(value: unknown): ReturnType<typeof elements> {
  return elements(`<all>${String(mimeBundle(value)['text/html'])}</all>`);
}

afterEach(() => void vi.unstubAllEnvs());

describe('tables', () => {
  const rows = Array.from({ length: 45 }, (_, i) => ({ [evil]: evil, n: i, half: i / 2, gone: i % 2 === 0 ? null : 1 }));

  test.each([
    ['a list of rows', rows],
    ['a danfo DataFrame', frame(rows)],
    ['an arquero table', table(rows)],
  ])('from %s show names and cells as text, the first and last ten rows, and how many there are', (_, value) => {
    const all = htmlOf(value);
    expect(all.map((element) => element.name)).not.toContain('img');
    expect(all.filter((element) => element.name === 'th').map((element) => element.text)).toContain(evil);
    expect(all.filter((element) => element.name === 'td' && element.text === evil)).toHaveLength(20);
    expect(all.filter((element) => element.name === 'tr')).toHaveLength(1 + 21);
    expect(all.find((element) => element.name === 'small')?.text).toBe('45 rows × 4 columns');
    expect(mimeBundle(value)['text/plain']).toContain('45 rows × 4 columns');
  });

  test('of features name columns in words on hover', () => {
    const made = featureTable(1, [column(evil)], [Float64Array.of(2)]);
    expect(htmlOf(made).find((element) => element.name === 'th')?.attributes.title).toBe(`words for ${evil}, in edges`);
  });

  test('write a column of numbers with the same decimals and missing ones as a dash', () => {
    const grid = {
      rowCount: 3,
      columns: [
        { name: 'x', cells: [91.123456, Number.NaN, 3.5] },
        { name: 'k', cells: [1, 2, 30] },
      ],
    };
    expect(gridText(grid)).toBe(
      ['     x   k', '──────  ──', '91.123   1', '     –   2', ' 3.500  30', '3 rows × 2 columns'].join('\n'),
    );
    expect(gridText({ rowCount: 2, columns: [{ name: 'tiny', cells: [1e-9, 2.5] }] })).toContain('1.000e-9');
  });

  test('leave out the middle of many columns', () => {
    const columns = Array.from({ length: 40 }, (_, c) => ({ name: `c${c}`, cells: [c] }));
    const heads = elements(`<all>${gridHtml({ rowCount: 1, columns })}</all>`).filter((element) => element.name === 'th');
    expect(heads.map((head) => head.text)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, '…', 32, 33, 34, 35, 36, 37, 38, 39].map((c) => (c === '…' ? c : `c${c}`)),
    );
  });
});

describe('show', () => {
  test('gives numbers six digits, texts as they are, and anything else as Node prints it', () => {
    expect(mimeBundle(0.123456789)).toEqual({ 'text/plain': '0.123457' });
    expect(mimeBundle(evil)).toEqual({ 'text/plain': evil });
    expect(mimeBundle(undefined)).toEqual({ 'text/plain': 'undefined' });
    expect(mimeBundle(new Map([[1, 2]]))).toEqual({ 'text/plain': 'Map(1) { 1 => 2 }' });
    expect(
      htmlOf({ ours: 0.5, theirs: 2 })
        .filter((element) => element.name === 'td')
        .map((element) => element.text),
    ).toEqual(['0.5', '2']);
  });

  test('says of metrics what they are and which way they are good', () => {
    const cells = htmlOf({ tau: 0.5, mae: 2, fit_s: 1.5 }).filter((element) => element.name === 'td');
    expect(cells.map((element) => element.text)).toEqual([
      ...['0.5', 'Kendall tau-b', 'higher'],
      ...['2', 'mean absolute error', 'lower'],
      ...['1.5', 'seconds to fit', ''],
    ]);
  });

  test('tells of a fitted forest its trees, columns and training rows', async () => {
    const x = featureTable(6, [column('a'), column('b')], [Float64Array.of(1, 2, 3, 4, 5, 6), new Float64Array(6)]);
    const fitted = await randomForest({ trees: 3 }).fit(x, Float64Array.of(1, 2, 3, 4, 5, 6), { rng: rng(1) });
    const text = mimeBundle(fitted)['text/plain'];
    expect(text).toMatch(/model\s+rf/);
    expect(text).toMatch(/columns\s+2/);
    expect(text).toMatch(/training rows\s+6/);
    expect(text).toMatch(/trees\s+3/);
  });

  test('draws a network that was trained here as its loss by epoch, beside its label', () => {
    vi.stubEnv('NASCOPE_RUNNER', '1');
    const trained = {
      family: 'E201',
      arch: 'a',
      canonical: 'b',
      task: 'cls',
      seed: 1,
      status: 'ok',
      inTable: 'ok',
      metrics: [{ metric: 'cls.acc', value: 88.93754, table: 88.93754 as number | null }],
      losses: [2.25, Number.NaN, 0.5],
    };
    const { 'text/plain': text, [PLOTLY_MIME]: spec } = mimeBundle(trained);
    expect(text).toBe('[figure] E201, cls, seed 1, b: cls.acc 88.94 (as in the table); loss by epoch 2.25, NaN, 0.5.');
    const [line] = (spec as { data: { x: number[]; y: number[] }[] }).data;
    expect([[...line.x], [...line.y]]).toEqual([
      [1, 3],
      [2.25, 0.5],
    ]);
    expect(mimeBundle({ ...trained, metrics: [{ metric: 'cls.acc', value: 80, table: null }] })['text/plain']).toMatch(
      /not in the table/,
    );
    expect(mimeBundle({ ...trained, metrics: [{ metric: 'cls.acc', value: 80, table: 81 }] })['text/plain']).toMatch(
      /says otherwise/,
    );
    expect(mimeBundle({ ...trained, status: 'diverged', losses: [Number.NaN] })['text/plain']).toMatch(/^{/);
  });

  test('shows lists of numbers of one length, such as predictions with their intervals, as columns', () => {
    const { 'text/plain': text } = mimeBundle({
      value: Float64Array.of(1.5, 2),
      low: Float64Array.of(1, 1),
      ood: Uint8Array.of(0, 1),
    });
    expect(
      String(text)
        .split('\n')
        .map((line) => line.trim().split(/\s+/)),
    ).toEqual([
      ['value', 'low', 'ood'],
      [expect.stringMatching(/^─+$/), expect.stringMatching(/^─+$/), expect.stringMatching(/^─+$/)],
      ['1.5', '1', '0'],
      ['2.0', '1', '1'],
      ['2', 'rows', '×', '3', 'columns'],
    ]);
    expect(mimeBundle({ a: [1, 2], b: [1] })['text/plain']).toMatch(/^{/);
  });

  test('shows spaces by their encodings, and SHAP values as a figure', () => {
    expect(mimeBundle(spaces.nasbench201)['text/plain']).toMatch(/architectures\s+15,625/);
    vi.stubEnv('NASCOPE_RUNNER', '1');
    const importance = { method: 'mean |SHAP value|', unit: '', columns: [column('a')], mean: Float64Array.of(1) };
    const shap = { kind: 'shap-values', importance: () => ({ kind: 'importance', ...importance }) };
    expect(Object.keys(mimeBundle(shap))).toContain('application/vnd.plotly.v1+json');
  });

  test('draws a network of atomic operations, and tells its shapes in text', () => {
    const graph = hiaml.toCompute(hiaml.parse(hiaml.example));
    const bundle = mimeBundle(graph);
    expect(bundle['text/plain']).toBe(describeCompute(graph));
    expect(bundle['image/svg+xml']).toMatch(/^<svg [\s\S]*<\/svg>$/);
  });

  test('tells of a computation graph one fact a line, in words', () => {
    const graph = hiaml.toCompute(hiaml.parse(hiaml.example));
    const stats = graphStats(graph);
    const { 'text/plain': text, 'text/html': html } = mimeBundle(stats);
    const line = (name: string): string =>
      String(text)
        .split('\n')
        .find((l) => l.startsWith(`${name} `)) ?? '';
    expect(line('params')).toMatch(new RegExp(`${stats.params.toLocaleString('en')} +learned numbers`));
    expect(line('nodes')).toMatch(/ operations, inputs and outputs included/);
    expect(line('receptiveField')).toMatch(/\d+ × \d+/);
    expect(line('eigenvalues')).toMatch(/\d+ from 0 to [\d.]+ /);
    expect(line('coverage')).toMatch(/100 %/);
    expect(line('warnings')).toMatch(/none/);
    expect(String(html)).toMatch(/input 1, /);
    const large = { ...stats, eigenvalues: null, warnings: ['the spectrum was not computed: the graph is too large'] };
    expect(mimeBundle(large)['text/plain']).toMatch(/eigenvalues +– .*\n.*\nwarnings +the spectrum was not/);
  });

  test('lets an object show itself, in the way that other kernels know', () => {
    const own = { [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'mine', 'text/html': '<b>mine</b>' }) };
    expect(mimeBundle(own)).toEqual({ 'text/plain': 'mine', 'text/html': '<b>mine</b>' });
    expect(mimeBundle({ [Symbol.for('Jupyter.display')]: () => null, x: 1 })['text/plain']).toMatch(/x\s+1/);
  });

  test('lays panels side by side, each as it would stand alone, whatever its text holds', () => {
    vi.stubEnv('NASCOPE_RUNNER', '1');
    const graph = spaces.nasbench201.toGraph(spaces.nasbench201.sample(rng(1)));
    const bundle = mimeBundle(sideBySide(evil, graph, predictedVsTrue([1, 2], [1, 2])));
    const names = elements(String(bundle['text/html'])).map((element) => element.name);
    expect(names).not.toContain('img');
    expect(names.filter((name) => name === 'svg')).toHaveLength(1);
    expect((bundle['application/vnd.nascope.panels+json'] as MimeBundle[]).map((panel) => Object.keys(panel))).toEqual([
      ['text/plain'],
      ['text/plain', 'image/svg+xml'],
      ['text/plain', 'application/vnd.plotly.v1+json'],
    ]);
  });

  test('sends one bundle to where displays go', () => {
    const sent: MimeBundle[] = [];
    const sink: DisplaySink = { kind: 'notebook', display: (bundle) => sent.push(bundle), update: () => {} };
    const before = setDisplaySink(sink);
    try {
      show('x');
    } finally {
      setDisplaySink(before);
    }
    expect(sent).toEqual([{ 'text/plain': 'x' }]);
  });

  test('brings plotly into a live notebook once, and leaves it to the exporter under the runner', () => {
    const points = predictedVsTrue([1, 2], [1, 2]);
    vi.stubEnv('NASCOPE_RUNNER', '');
    const [first, second] = [mimeBundle(points), mimeBundle(points)].map((bundle) => String(bundle['text/html']).length);
    expect(first).toBeGreaterThan(1_000_000);
    expect(second).toBeLessThan(10_000);
    vi.stubEnv('NASCOPE_RUNNER', '1');
    expect(Object.keys(mimeBundle(points))).toEqual(['text/plain', 'application/vnd.plotly.v1+json']);
  });
});

test('an exported page shows what foreign panels hold as it shows any foreign output: in frames, or as text', () => {
  const panels = [{ 'text/html': '<script>alert(1)</script>' }, 'junk', null, { 'text/plain': evil }, { [PANELS_MIME]: [{}] }];
  const html = outputHtml({ output_type: 'display_data', data: { 'text/plain': 'x', [PANELS_MIME]: panels }, metadata: {} });
  expect(html).not.toMatch(/<script|<img/);
  expect(html.match(/<iframe class="foreign" sandbox="allow-same-origin"/g)).toHaveLength(1);
  expect(html).toContain(escapeMarkup(evil));
});

describe('importance bars', () => {
  const importance: Importance = {
    kind: 'importance',
    method: 'mean |SHAP value|',
    unit: '%',
    columns: [column('a', 'op_count'), column('b', 'node_degree'), { ...column('c', 'op_count'), says: `${evil} %{x}` }],
    mean: Float64Array.of(1, 3, 2),
  };

  test('stand in the order of importance, one colour a family, named in words', () => {
    const { data, layout } = importanceBars(importance, { top: 2 });
    expect(data.map((trace) => [trace.name, trace.x])).toEqual([
      ['node degree', [3]],
      ['op count', [2]],
    ]);
    const axis = layout.yaxis as { ticktext: string[] };
    expect(axis.ticktext[0]).toBe('words for b');
    expect(axis.ticktext[1]).not.toMatch(/<img|%\{x/);
  });

  test('keep labels of different columns apart when they are too long for two lines', () => {
    const long = (end: string): string => `${'shortest path using only these operations, '.repeat(4)}${end}`;
    const columns = ['x', 'y'].map((name) => ({ ...column(name), says: long(name) }));
    const axis = importanceBars({ ...importance, columns, mean: Float64Array.of(2, 1) }).layout.yaxis as { ticktext: string[] };
    expect(axis.ticktext).toEqual(['x', 'y']);
  });

  test('refuse a count that is none', () => {
    expect(() => importanceBars(importance, { top: 0 })).toThrow(ShapeError);
  });
});

test('predictions over truth need pairs, and tell tau', () => {
  expect(() => predictedVsTrue([1, 2], [1])).toThrow(ShapeError);
  // Of the three pairs two are in order, one is not: (2 - 1) / 3.
  expect(predictedVsTrue([1, 3, 2], [1, 2, 3]).says).toContain('tau 0.333');
});
