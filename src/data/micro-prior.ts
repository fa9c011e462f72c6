import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cholesky, dot, solveCholesky } from '../core/base/cholesky.js';
import { DataError } from '../core/base/errors.js';
import { type Column, type FeatureTable, featureTable } from '../core/base/table.js';
import { features } from '../core/features/index.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import { kernels } from '../core/models/kernels.js';
import { normalScores } from '../core/models/normal-scores.js';
import { type Standardisation, standardisation, standardised } from '../core/models/standardise.js';
import { spaces } from '../core/spaces/index.js';
import { MICROBENCH_FOLDER } from './microbench-table.js';
import { readGzip } from './read-gzip.js';

/** What is learned from, one metric a task. */
const METRICS: readonly (readonly [metric: string, name: string, says: string])[] = [
  ['cls.acc', 'micro_acc', 'accuracy of naming glyphs'],
  ['den.psnr', 'micro_psnr', 'signal-to-noise ratio of glyphs with the noise taken away'],
  ['seg.iou', 'micro_iou', 'overlap of marked strokes with the true ones'],
];

const COLUMNS: readonly Column[] = METRICS.map(([, name, says]) => ({
  name,
  says: `${says}, as small networks trained on drawn scenes suggest (MicroBench E201, predicted from GRAF), in normal scores`,
  family: 'micro',
  unit: '',
}));

/** The process's numbers, near the likeliest for each of the three metrics on E201's own labels. */
const LENGTH_SCALE = 45;
const SIGNAL = 5.7;
const NOISE = 0.09;
const LABELS = 'E201.labels.csv.gz';
const HEADER = 'arch_id,task,metric,seed,value,status';

interface Prior {
  readonly scaling: Standardisation;
  /** GRAF of the labelled networks, standardised, row-major; and each row's squared length. */
  readonly rows: Float64Array;
  readonly lengths: Float64Array;
  /** K⁻¹ y, one a metric. */
  readonly duals: readonly Float64Array[];
}

let fitted: Prior | undefined;

/**
 * What MicroBench's 1,200 small networks suggest about cells of NAS-Bench-201: for each task's metric, in normal scores, the
 * prediction of a Gaussian process on GRAF that was fitted to the labels that come with the package. It knows no label of
 * NAS-Bench-201 and looks at each cell by itself. A prior, not a measurement: its order agrees with CIFAR-10 accuracies
 * about as well as the better zero-cost proxies do.
 *
 * Fitted at the first call (about two seconds) and kept; then under a millisecond a cell.
 * @param graphs cells of NAS-Bench-201. @throws DataError when the package's labels are missing or damaged.
 */
export function microPrior(graphs: readonly CellGraph[]): FeatureTable {
  fitted ??= fitPrior();
  const { scaling, rows, lengths, duals } = fitted;
  const width = scaling.mean.length;
  const asked = standardised(features(graphs), scaling);
  const values = duals.map(() => new Float64Array(graphs.length));
  const alike = new Float64Array(lengths.length);
  for (let r = 0; r < graphs.length; r++) {
    const own = dot(asked, r * width, asked, r * width, width);
    for (let i = 0; i < alike.length; i++) {
      alike[i] = covariance(own + lengths[i] - 2 * dot(asked, r * width, rows, i * width, width));
    }
    for (let m = 0; m < duals.length; m++) values[m][r] = dot(alike, 0, duals[m], 0, alike.length);
  }
  return featureTable(graphs.length, COLUMNS, values);
}

function covariance(squared: number): number {
  return SIGNAL * kernels.matern52.value(Math.sqrt(Math.max(0, squared)) / LENGTH_SCALE);
}

function fitPrior(): Prior {
  const labels = readLabels();
  const space = spaces.nasbench201;
  const x = features([...labels.keys()].map((arch) => space.toGraph(space.parse(arch))));
  const scaling = standardisation(x);
  const rows = standardised(x, scaling);
  const n = x.rowCount;
  const width = x.columns.length;
  const lengths = Float64Array.from({ length: n }, (_, i) => dot(rows, i * width, rows, i * width, width));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i * n + j] = covariance(lengths[i] + lengths[j] - 2 * dot(rows, i * width, rows, j * width, width));
    }
    matrix[i * n + i] += NOISE;
  }
  const factor = cholesky(matrix, n);
  const all = [...labels.values()];
  const duals = METRICS.map((_, m) => solveCholesky(factor, normalScores(all.map((means) => means[m]))));
  return { scaling, rows, lengths, duals };
}

/**
 * Each architecture's mean over seeds, by metric. Read at once rather than in turns, as feature sets are made; these files
 * quote nothing, so that a comma always ends a cell.
 */
function readLabels(): Map<string, number[]> {
  const path = join(MICROBENCH_FOLDER, LABELS);
  const wrong = (expected: string, got: string): DataError =>
    new DataError({ path, expected, got, fix: 'Restore the file from the repository.' });
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw wrong('the labels of MicroBench', (error as NodeJS.ErrnoException).code ?? 'an error');
  }
  const [header, ...lines] = new TextDecoder().decode(readGzip(bytes, path)).trimEnd().split('\n');
  if (header !== HEADER) throw wrong(`the header ${HEADER}`, header.slice(0, 80));
  const sums = new Map<string, { readonly sum: number[]; readonly count: number[] }>();
  for (const line of lines) {
    const [arch, , metric, , value] = line.split(',');
    const m = METRICS.findIndex(([name]) => name === metric);
    if (m < 0 || value === '') continue;
    let own = sums.get(arch);
    if (own === undefined) {
      own = { sum: METRICS.map(() => 0), count: METRICS.map(() => 0) };
      sums.set(arch, own);
    }
    own.sum[m] += Number(value);
    own.count[m]++;
  }
  const means = new Map<string, number[]>();
  for (const [arch, { sum, count }] of sums) {
    const mean = sum.map((total, m) => total / count[m]);
    if (mean.every(Number.isFinite)) means.set(arch, mean);
  }
  return means;
}
