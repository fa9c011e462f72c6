import { DataError, ShapeError } from '../core/base/errors.js';
import type { WorkOptions } from '../core/base/progress.js';
import type { Rng } from '../core/base/rng.js';
import { computeFeatures } from '../core/features/compute/compute-features.js';
import { frequentOperations } from '../core/features/compute/operation-names.js';
import type { ComputeGraph } from '../core/ir/compute-graph.js';
import { type PredictorId, predictors } from '../core/models/index.js';
import { loadModel } from '../core/models/load.js';
import type { ModelFile, Predictor } from '../core/models/predictor.js';
import type { FittedIntervals } from '../core/models/uncertainty/intervals.js';
import { fitNovelty, type Novelty, noveltyFromJSON, STRANGE } from '../core/models/uncertainty/novelty.js';
import { type ArchitecturePredictions, type IntervalMethod, intervalMethods } from './architecture-predictor.js';
import type { InputShapes } from './import/input-shapes.js';

export interface NetworkPredictorOptions extends WorkOptions {
  readonly rng: Rng;
  /** What the target is called. */
  readonly target: string;
  /** What the networks' files left open and was taken as: kept in `about`, for who imports those to predict of. */
  readonly inputShapes?: InputShapes;
  /** `rf` unless said. */
  readonly model?: PredictorId | Predictor;
  /** `cv` unless said. */
  readonly intervals?: IntervalMethod;
}

/** A model of computation graphs, of whatever family or file: it knows its features, how far it is off, and what it has never seen. */
export interface NetworkPredictor {
  readonly kind: 'network-predictor';
  readonly about: {
    readonly target: string;
    readonly labels: number;
    readonly intervals: string;
    /** The operations that its features tell apart: the most frequent of the networks it learned from. */
    readonly vocabulary: readonly string[];
    /** Extents of open inputs, as its networks were imported with them; absent where none were given. */
    readonly inputShapes?: InputShapes;
  };
  readonly model: FittedIntervals;
  /**
   * @param graphs as `importModel(…).graph` or a family gives them.
   * @param level of the intervals; 0.9 unless said.
   */
  predict(graphs: readonly ComputeGraph[], level?: number): ArchitecturePredictions;
  toJSON(): ModelFile;
}

/**
 * Learns from networks and their labels what `computeFeatures` tell of them.
 * @param y one number a network.
 * @throws ShapeError when the lengths differ; as `computeFeatures`, the predictor's `fit` and `fitNovelty` do.
 */
export async function fitNetworkPredictor(
  graphs: readonly ComputeGraph[],
  y: Float64Array,
  { rng, target, inputShapes, model = 'rf', intervals = 'cv', signal, onProgress }: NetworkPredictorOptions,
): Promise<NetworkPredictor> {
  if (graphs.length !== y.length) {
    throw new ShapeError({ argument: 'fitNetworkPredictor: y', expected: `${graphs.length} labels`, got: `${y.length}` });
  }
  const vocabulary = frequentOperations(graphs, VOCABULARY);
  const x = computeFeatures(graphs, { vocabulary });
  const inner = typeof model === 'string' ? predictors[model]() : model;
  const fitted = await intervalMethods[intervals](inner).fit(x, y, { rng: rng.fork('model'), signal, onProgress });
  const about = { target, labels: graphs.length, intervals, vocabulary, ...(inputShapes && { inputShapes }) };
  return predictor(about, fitted, fitNovelty(x, { rng: rng.fork('novelty') }));
}

/** As many operations as `computeFeatures` takes by itself. */
const VOCABULARY = 6;

export const NETWORK_PREDICTOR_FORMAT = 'nascope/network-predictor';
export const NETWORK_PREDICTOR_VERSION = 1;

function predictor(about: NetworkPredictor['about'], model: FittedIntervals, novelty: Novelty): NetworkPredictor {
  return {
    kind: 'network-predictor',
    about,
    model,
    predict(graphs, level) {
      const x = computeFeatures(graphs, { vocabulary: about.vocabulary });
      const p = novelty.pValues(x);
      return { ...model.intervals(x, level), p, ood: Uint8Array.from(p, (v) => Number(v <= STRANGE)) };
    },
    toJSON: () => ({
      format: NETWORK_PREDICTOR_FORMAT,
      version: NETWORK_PREDICTOR_VERSION,
      about,
      model: model.toJSON(),
      novelty: novelty.toJSON(),
    }),
  };
}

/** The inverse of `toJSON`. @throws DataError when the file is newer than this version, or damaged. */
export function networkPredictorFromJSON(file: ModelFile): NetworkPredictor {
  const damaged = (expected: string, got: string): DataError =>
    new DataError({ path: 'saved model', expected, got, fix: 'Save one with `npx nascope fit --networks`.' });
  if (file.format !== NETWORK_PREDICTOR_FORMAT || file.version !== NETWORK_PREDICTOR_VERSION) {
    throw damaged(`${NETWORK_PREDICTOR_FORMAT} ${NETWORK_PREDICTOR_VERSION}`, `${file.format} ${file.version}`);
  }
  const about = file.about as NetworkPredictor['about'] | undefined;
  const words = about?.vocabulary;
  if (typeof about?.target !== 'string' || !Array.isArray(words) || words.some((op) => typeof op !== 'string')) {
    throw damaged('what it was trained on ("about")', typeof about);
  }
  const { inputShapes = {} } = about;
  const isShape = (extents: unknown): boolean => Array.isArray(extents) && extents.every((extent) => Number.isInteger(extent));
  if (typeof inputShapes !== 'object' || inputShapes === null || !Object.values(inputShapes).every(isShape)) {
    throw damaged('extents of open inputs ("about.inputShapes")', JSON.stringify(inputShapes).slice(0, 80));
  }
  const model = loadModel(file.model as ModelFile);
  if (!('intervals' in model)) throw damaged('a model with intervals', model.id);
  return predictor(about, model as FittedIntervals, noveltyFromJSON(file.novelty as ModelFile));
}
