import { DataError, ShapeError } from '../../core/base/errors.js';
import { type FeatureTable, take } from '../../core/base/table.js';
import { treeShap } from '../../core/explain/treeshap.js';
import { features } from '../../core/features/index.js';
import type { Fitted } from '../../core/models/predictor.js';
import { isTreeEnsemble } from '../../core/models/trees/ensemble.js';
import type { ArchId } from '../../core/spaces/space.js';
import type { Benchmark, DataColumn } from '../../data/benchmark.js';
import type { HtmlView } from '../html-view.js';
import { type Tabular, tableOf } from '../tabular.js';
import type { CardContent, Label, Prediction } from './card-content.js';
import { cardHtml, cardText } from './card-view.js';
import { nearestRows } from './nearest-rows.js';
import { rankOf } from './rank.js';
import { treeSpread } from './tree-spread.js';

export interface CardOptions {
  /** A fitted model, whose prediction of the architecture is shown and explained. It predicts the target `target`. */
  readonly model?: Fitted;
  /** The features of all of the benchmark's rows, as the model wants them; GRAF unless said. */
  readonly x?: FeatureTable | Tabular;
  /** What the model predicts: the benchmark's default target unless said. */
  readonly target?: string;
  /** How many near networks are shown: 4 unless said. */
  readonly nearest?: number;
}

const NEAREST = 4;

/**
 * All that is known about one architecture of a benchmark: its picture, its encodings, its labels with their ranks, what a model
 * predicts and why, and the networks most like it by their features. Shown with `show`.
 * @param arch one of `bench.archs`, or `bench.space.parse(text)` of a text in any encoding.
 * @throws DataError when the architecture is not in the benchmark, ShapeError without a benchmark and when `x` has not a row for each of its
 * architectures. Without `x` GRAF is computed for all of them, which takes some seconds in large spaces.
 */
export function card<Id extends string>(arch: ArchId<Id>, bench: Benchmark<Id>, options: CardOptions = {}): HtmlView {
  if ((bench as Benchmark<Id> | undefined)?.archs === undefined) {
    const expected = 'the benchmark that holds the architecture, as in card(bench.archs[0], bench)';
    throw new ShapeError({ argument: 'card: bench', expected, got: String(bench) });
  }
  const row = bench.archs.indexOf(arch);
  if (row < 0) {
    throw new DataError({
      path: bench.id,
      expected: 'an architecture of the benchmark',
      got: `${arch}, which is not among its ${bench.size}`,
      fix: `Take one of bench.archs, or read a text with bench.space.parse.`,
    });
  }
  const x = options.x === undefined ? features(bench.graphs) : tableOf(options.x);
  if (x.rowCount !== bench.size) {
    throw new ShapeError({ argument: 'card: x', expected: `${bench.size} rows, one an architecture`, got: `${x.rowCount}` });
  }
  const own = labelsOf(bench, row);
  const targetName = options.target ?? bench.defaultTarget;
  const values = bench.target(targetName);
  const target = bench.columns.find((column) => column.name === targetName) as DataColumn;
  const near = nearestRows(x, row, options.nearest ?? NEAREST).map((other) => ({
    ...other,
    value: values[other.row],
    rank: rankOf(values, other.row, target.direction),
  }));
  const content: CardContent = {
    bench: bench as Benchmark,
    row,
    encodings: encodingsOf(bench, arch),
    labels: own,
    target,
    prediction: options.model === undefined ? null : predictionOf(options.model, x, row),
    near,
  };
  return { kind: 'html-view', html: cardHtml(content), text: cardText(content) };
}

function encodingsOf<Id extends string>(bench: Benchmark<Id>, arch: ArchId<Id>): CardContent['encodings'] {
  const { space } = bench;
  const official = space.format(arch);
  const naming = space.encodings[0]?.says ?? 'NASLib text';
  const canonical = space.canonical(arch);
  return [
    { says: naming, text: arch as string },
    ...(official === arch ? [] : [{ says: 'official text', text: official }]),
    ...(canonical === arch ? [] : [{ says: 'without idle parts', text: canonical as string }]),
  ];
}

function labelsOf(bench: Benchmark, row: number): Label[] {
  const shown = bench.columns.filter((column) => column.role !== 'embedding');
  const order = { target: 0, proxy: 1, embedding: 2 };
  return shown
    .map((column) => {
      const values = bench.column(column.name);
      return { column, value: values[row], rank: rankOf(values, row, column.direction) };
    })
    .sort(
      (a, b) =>
        Number(b.column.name === bench.defaultTarget) - Number(a.column.name === bench.defaultTarget) ||
        order[a.column.role] - order[b.column.role],
    );
}

function predictionOf(model: Fitted, x: FeatureTable, row: number): Prediction {
  const one = take(x, [row]);
  const shap = isTreeEnsemble(model) ? treeShap(model, one) : null;
  return { value: model.predict(one)[0], spread: treeSpread(model, one, 0), shap };
}
