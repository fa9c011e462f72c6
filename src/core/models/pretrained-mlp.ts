import { ShapeError } from '../base/errors.js';
import type { Progress } from '../base/progress.js';
import type { FeatureTable } from '../base/table.js';
import { checkColumns, checkTable, checkTraining } from './check.js';
import { type DenseLayer, forward } from './dense-network.js';
import { checkMlpSettings, type FittedMlp, fittedMlp, mlpInputs, unitOf } from './mlp.js';
import { type MlpLoss, type MlpSettings, type MlpTrainer, mlpTrainer } from './mlp-trainer.js';
import { normalScores } from './normal-scores.js';
import type { FitOptions, Predictor } from './predictor.js';
import { momentsOf, standardisation } from './standardise.js';

export interface PretrainedMlpOptions {
  /** Architectures without labels, in the columns that the predictor will learn from. */
  readonly pool: FeatureTable;
  /** What is known of them for free, a column a statistic: FLOPs and parameters, or zero-cost proxies. Only its order counts. */
  readonly statistics: FeatureTable;
  /** Units of the encoder's layers, the last one the embedding's; [64, 24] unless said. */
  readonly encoder?: readonly number[];
  /** Units between the embedding and the prediction; [32] unless said. */
  readonly head?: readonly number[];
  /** As of `mlp`; `bce` unless said. */
  readonly loss?: MlpLoss;
  readonly steps?: Partial<PretrainedSteps>;
  /** Who trains; the one that was handed in unless said. */
  readonly trainer?: MlpTrainer;
}

/** Steps of the optimizer. */
export interface PretrainedSteps {
  /** On the pool's statistics: 1,000 unless said. */
  readonly pretrain: number;
  /** On labels, the encoder as it is: 100 unless said. */
  readonly head: number;
  /** On labels, all layers at a tenth of the rate: 100 unless said. */
  readonly all: number;
}

const STEPS: PretrainedSteps = { pretrain: 1000, head: 100, all: 100 };
/**
 * The encoder as in landscape.md 3.5; head and steps by NAS-Bench-201 splits of seeds 100 to 105, apart from those that results
 * are reported on.
 */
const DEFAULTS = { encoder: [64, 24], head: [32], loss: 'bce' } as const;
/** As of `mlp`. */
const SHARED = { margin: 0.1, batch: 128, learningRate: 3e-3, holdOut: 0, patience: 8 } as const;
/** Of the learning rate, once the encoder learns from labels. */
const REDUCED = 0.1;

/**
 * A perceptron whose first layers, the encoder, have learned from architectures without labels: to predict the order of
 * statistics that cost nothing. A head on the encoder's embedding then learns from the labels alone, and at last all
 * layers do at a reduced rate. On NAS-Bench-201's one-hot code with 32 labels tau rises from .52 to .58 by FLOPs and
 * parameters, to .66 by seven proxies (five seeds). It is saved, loaded and predicts as a perceptron of `mlp`; statistics are not needed to predict.
 *
 * Transductive where the pool holds the architectures that are tested on (without their labels): say so beside such
 * numbers. Where the statistics are at hand for every architecture, giving them to a forest as columns ranks better still.
 * @throws ShapeError when an option is out of range or the pool and its statistics do not fit together; `fit` rejects with
 * ShapeError when its columns are not the pool's, UnsupportedError where no trainer is at hand.
 * @see Dai et al. 2021 (FBNetV3), section 3; landscape.md 3.5.
 * Takes O(steps × batch × weights), most of it on the pool.
 */
export function pretrainedMlp(options: PretrainedMlpOptions): Predictor<FeatureTable, FittedMlp> {
  const { pool, statistics, trainer } = options;
  const { encoder, head, loss } = { ...DEFAULTS, ...options };
  const steps = { ...STEPS, ...options.steps };
  const stages = stagesOf(encoder, head, loss, steps);
  for (const stage of Object.values(stages)) checkMlpSettings('pretrainedMlp', stage);
  if (encoder.length === 0) {
    throw new ShapeError({ argument: 'pretrainedMlp: encoder', expected: 'at least one layer', got: 'none' });
  }
  checkTable('pretrainedMlp: pool', pool);
  checkTable('pretrainedMlp: statistics', statistics);
  if (statistics.rowCount !== pool.rowCount) {
    const expected = `${pool.rowCount} rows, as the pool has`;
    throw new ShapeError({ argument: 'pretrainedMlp: statistics', expected, got: `${statistics.rowCount}` });
  }
  return {
    id: 'mlp',
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedMlp> {
      checkTraining('pretrainedMlp.fit', x, y);
      checkColumns('pretrainedMlp.fit', x, pool.columns);
      signal?.throwIfAborted();
      const train = (trainer ?? mlpTrainer()).train;
      const columnCount = x.columns.length;
      const scaling = standardisation(pool);
      const rows = mlpInputs(x, scaling);
      const { mean, sd } = momentsOf(y);
      const target = y.map((v) => (sd === 0 ? 0 : (v - mean) / sd));
      const unlabelled = {
        ...{ rowCount: pool.rowCount, columnCount, targetCount: statistics.columns.length },
        ...{ x: mlpInputs(pool, scaling), y: ranksOf(statistics) },
      };
      const labelled = { rowCount: x.rowCount, columnCount, targetCount: 1, x: rows, y: target };

      const total = steps.pretrain + steps.head + steps.all;
      const work = (before: number, label: string) => ({
        signal,
        onProgress: onProgress && (({ done }: Progress) => onProgress({ done: before + done, total, label })),
      });
      const first = { ...unlabelled, start: [], frozen: 0, settings: stages.pretrain, rng: rng.fork('pretrain') };
      const encoded = (await train(first, work(0, 'pretraining step'))).slice(0, encoder.length);
      const second = { ...labelled, start: encoded, frozen: encoded.length, settings: stages.head, rng: rng.fork('head') };
      const headed = await train(second, work(steps.pretrain, 'step of the head'));
      const third = { ...labelled, start: headed, frozen: 0, settings: stages.all, rng: rng.fork('all') };
      const layers: readonly DenseLayer[] = await train(third, work(steps.pretrain + steps.head, 'step of all layers'));
      return fittedMlp(
        x.columns,
        scaling,
        layers,
        unitOf(loss, () => forward(layers, rows, x.rowCount), { mean, sd }),
      );
    },
  };
}

function stagesOf(
  encoder: readonly number[],
  head: readonly number[],
  loss: MlpLoss,
  steps: PretrainedSteps,
): { readonly [stage in keyof PretrainedSteps]: MlpSettings } {
  const hidden = [...encoder, ...head];
  return {
    pretrain: { ...SHARED, hidden: encoder, loss: 'mse', steps: steps.pretrain, weightDecay: 0 },
    head: { ...SHARED, hidden, loss, steps: steps.head, weightDecay: 1 },
    all: { ...SHARED, hidden, loss, steps: steps.all, weightDecay: 1, learningRate: REDUCED * SHARED.learningRate },
  };
}

/** Each statistic's normal scores, row-major: a failed proxy's -1e8 is but the last. */
function ranksOf(statistics: FeatureTable): Float64Array {
  const width = statistics.columns.length;
  const out = new Float64Array(statistics.rowCount * width);
  statistics.values.forEach((values, c) => {
    normalScores(values).forEach((score, r) => {
      out[r * width + c] = score;
    });
  });
  return out;
}
