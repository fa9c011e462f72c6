import { DataError, ParseError, UnsupportedError } from '../core/base/errors.js';
import type { WorkOptions } from '../core/base/progress.js';
import type { Rng } from '../core/base/rng.js';
import { type PredictorId, predictors } from '../core/models/index.js';
import { loadModel } from '../core/models/load.js';
import type { ModelFile, Predictor } from '../core/models/predictor.js';
import { cvIntervals } from '../core/models/uncertainty/cv.js';
import { cvPlus } from '../core/models/uncertainty/cv-plus.js';
import type { FittedIntervals, IntervalPredictor } from '../core/models/uncertainty/intervals.js';
import { fitNovelty, type Novelty, noveltyFromJSON, STRANGE } from '../core/models/uncertainty/novelty.js';
import { normalisedConformal, splitConformal } from '../core/models/uncertainty/split-conformal.js';
import { spaceNamed } from '../core/spaces/index.js';
import type { SearchSpace } from '../core/spaces/space.js';
import type { Benchmark, DataColumn } from './benchmark.js';
import { featureSetColumns, featureSets, parseFeatureSets } from './feature-sets.js';
import { tableBenchmark } from './table-benchmark.js';

/**
 * How intervals are made: `cv` (narrowest, holds what it says in practice), `cv+` (ten models, holds a bound whatever the model,
 * too wide with few labels), `normalised` (a quarter of the labels set aside, holds exactly), `split` (the same, of one width).
 */
export type IntervalMethod = 'cv' | 'cv+' | 'normalised' | 'split';

export const intervalMethods: Readonly<Record<IntervalMethod, (inner: Predictor) => IntervalPredictor>> = {
  cv: (inner) => cvIntervals(inner),
  'cv+': (inner) => cvPlus(inner),
  normalised: (inner) => normalisedConformal(inner),
  split: (inner) => splitConformal(inner),
};

export interface ArchitecturePredictorOptions extends WorkOptions {
  readonly rng: Rng;
  /** As `evaluate --features` takes them; `graf` unless said. */
  readonly features?: string;
  /** `rf` unless said. */
  readonly model?: PredictorId | Predictor;
  /** The benchmark's default target unless said. */
  readonly target?: string;
  /** GRAF's definition: `icml24` unless said. */
  readonly version?: 'icml24' | 'main';
  /** `cv` unless said. */
  readonly intervals?: IntervalMethod;
}

/** What was learned, from what: all that a saved file carries beside the model itself. */
export interface PredictorAbout {
  readonly space: string;
  readonly features: string;
  /** The columns besides the architecture that features are read from: zero-cost proxies, embeddings. */
  readonly columns: readonly DataColumn[];
  readonly version: 'icml24' | 'main';
  readonly target: string;
  readonly unit: string;
  readonly direction: 'higher' | 'lower';
  readonly labels: number;
  readonly intervals: string;
  /** The benchmark's hash. */
  readonly data: string;
}

/** Predictions of architectures, a number of each a row. */
export interface ArchitecturePredictions {
  readonly value: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** 1: out of distribution, nothing like it was learned from. */
  readonly ood: Uint8Array;
  /** The p value behind `ood`: below 0.05 is out of distribution. */
  readonly p: Float64Array;
}

/** A model of architectures rather than of tables: it knows its space, its features, how far it is off, and what it has never seen. */
export interface ArchitecturePredictor {
  readonly kind: 'architecture-predictor';
  readonly about: PredictorAbout;
  readonly model: FittedIntervals;
  /**
   * @param archs in any encoding of the space.
   * @param columns the numbers behind `about.columns`, by name, one an architecture.
   * @param level of the intervals; 0.9 unless said.
   * @throws ParseError for an architecture of another space; DataError when a column is missing or holds no number.
   */
  predict(
    archs: readonly string[],
    columns?: Readonly<Record<string, ArrayLike<number>>>,
    level?: number,
  ): ArchitecturePredictions;
  toJSON(): ModelFile;
}

/**
 * Learns from all rows of a benchmark that have the target and the features (`bench.rows(…)` chooses them).
 * @throws as `featureSets`, the predictor's `fit` and `fitNovelty` do.
 */
export async function fitArchitecturePredictor(
  bench: Benchmark,
  options: ArchitecturePredictorOptions,
): Promise<ArchitecturePredictor> {
  const { rng, signal, onProgress, version = 'icml24', model = 'rf', intervals = 'cv' } = options;
  const features = parseFeatureSets(options.features ?? 'graf').join('+');
  if (parseFeatureSets(features).includes('wl')) {
    throw new UnsupportedError(
      'wl in a predictor of architectures',
      'Its columns depend on the rows asked: use graf, onehot or path.',
    );
  }
  const target = options.target ?? bench.defaultTarget;
  const method = Object.hasOwn(intervalMethods, intervals) ? intervalMethods[intervals] : undefined;
  if (method === undefined) {
    const expected = `one of ${Object.keys(intervalMethods).join(', ')}`;
    throw new ParseError({ what: 'intervals', text: String(intervals), at: 0, expected });
  }
  const names = featureSetColumns(bench, features);
  const rows = bench.complete([target, ...names]);
  const x = featureSets(rows, features, { version });
  const inner = typeof model === 'string' ? predictors[model]() : model;
  const fitted = await method(inner).fit(x, rows.target(target), { rng: rng.fork('model'), signal, onProgress });
  const column = bench.columns.find(({ name }) => name === target);
  const about: PredictorAbout = {
    space: bench.space.id,
    features,
    columns: bench.columns.filter(({ name }) => names.includes(name)),
    version,
    target,
    unit: column?.unit ?? '',
    direction: column?.direction === 'lower' ? 'lower' : 'higher',
    labels: rows.size,
    intervals,
    data: bench.hash,
  };
  return predictor(about, bench.space, fitted, fitNovelty(x, { rng: rng.fork('novelty') }));
}

export const ARCHITECTURE_PREDICTOR_FORMAT = 'nascope/architecture-predictor';
export const ARCHITECTURE_PREDICTOR_VERSION = 1;

const UNKNOWN: DataColumn = {
  name: '',
  says: 'to be predicted',
  family: 'target',
  unit: '',
  role: 'target',
  direction: 'none',
  dataset: '',
  split: '',
  source: '',
};

/** Rows worked on at a time, so that long lists fit in memory. */
const CHUNK = 4096;

function predictor(about: PredictorAbout, space: SearchSpace, model: FittedIntervals, novelty: Novelty): ArchitecturePredictor {
  return {
    kind: 'architecture-predictor',
    about,
    model,
    predict(archs, columns = {}, level) {
      const n = archs.length;
      const values = about.columns.map(({ name }) => columnOf(columns, name, n));
      // A benchmark has a target, though here nobody knows its numbers and nobody asks for them.
      const target = { ...UNKNOWN, name: about.target };
      const made = tableBenchmark(
        { id: space.id, dataset: '', title: space.title, cite: '', licence: '', hash: '', space },
        {
          archs,
          columns: [...about.columns, target],
          values: [...values, new Float64Array(n)],
          defaultTarget: about.target,
          protocols: {},
        },
      );
      const out = {
        value: new Float64Array(n),
        low: new Float64Array(n),
        high: new Float64Array(n),
        ood: new Uint8Array(n),
        p: new Float64Array(n),
      };
      for (let from = 0; from < n; from += CHUNK) {
        const rows = Array.from({ length: Math.min(CHUNK, n - from) }, (_, i) => from + i);
        const x = featureSets(made.rows(rows), about.features, { version: about.version });
        const { value, low, high } = model.intervals(x, level);
        const p = novelty.pValues(x);
        out.value.set(value, from);
        out.low.set(low, from);
        out.high.set(high, from);
        out.p.set(p, from);
        out.ood.set(
          p.map((v) => Number(v <= STRANGE)),
          from,
        );
      }
      return out;
    },
    toJSON: () => ({
      format: ARCHITECTURE_PREDICTOR_FORMAT,
      version: ARCHITECTURE_PREDICTOR_VERSION,
      about,
      model: model.toJSON(),
      novelty: novelty.toJSON(),
    }),
  };
}

function columnOf(columns: Readonly<Record<string, ArrayLike<number>>>, name: string, n: number): Float64Array {
  const values = Object.hasOwn(columns, name) ? columns[name] : undefined;
  const wrong = (expected: string, got: string): DataError =>
    new DataError({ path: 'predict', expected, got, fix: 'Give every column that the model was trained on (`about.columns`).' });
  if (values === undefined) throw wrong(`a column "${name}"`, `the columns ${Object.keys(columns).join(', ') || '(none)'}`);
  if (values.length !== n) throw wrong(`${n} numbers in "${name}"`, `${values.length}`);
  const numbers = Float64Array.from(values);
  const bad = numbers.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw wrong(`a finite number in "${name}", row ${bad + 1}`, `${numbers[bad]}`);
  return numbers;
}

/**
 * The inverse of `toJSON`. @param space for a predictor of a space of one's own (`defineSpace`).
 * @throws DataError when the file is of another kind, newer than this version, or damaged.
 */
export function architecturePredictorFromJSON(file: ModelFile, space?: SearchSpace): ArchitecturePredictor {
  const damaged = (expected: string, got: string): DataError =>
    new DataError({ path: 'saved model', expected, got, fix: 'Save one with `npx nascope fit` or fitArchitecturePredictor.' });
  if (file?.format !== ARCHITECTURE_PREDICTOR_FORMAT) throw damaged(ARCHITECTURE_PREDICTOR_FORMAT, String(file?.format));
  if (!(Number.isInteger(file.version) && file.version >= 1 && file.version <= ARCHITECTURE_PREDICTOR_VERSION)) {
    throw damaged(`version 1..${ARCHITECTURE_PREDICTOR_VERSION}`, String(file.version));
  }
  const about = file.about as PredictorAbout | undefined;
  const isWhole =
    typeof about?.space === 'string' &&
    typeof about.features === 'string' &&
    Array.isArray(about.columns) &&
    ['icml24', 'main'].includes(about.version);
  if (!isWhole) throw damaged('what it was trained on ("about")', typeof about);
  const model = loadModel(file.model as ModelFile);
  if (!('intervals' in model)) throw damaged('a model with intervals', model.id);
  if (space !== undefined && space.id !== about.space) {
    throw new UnsupportedError(`A model of ${about.space} on ${space.id}`, `It predicts architectures of ${about.space} only.`);
  }
  return predictor(about, space ?? spaceNamed(about.space), model as FittedIntervals, noveltyFromJSON(file.novelty as ModelFile));
}
