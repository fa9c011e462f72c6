import { ShapeError } from '../base/errors.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import { type DenseLayer, forward, layersFromJSON } from './dense-network.js';
import { type MlpJob, type MlpLoss, type MlpSettings, type MlpTrainer, mlpTrainer } from './mlp-trainer.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import { savedColumns, savedNumber } from './saved.js';
import { momentsOf, type Standardisation, standardisation, standardisationFromJSON, standardised } from './standardise.js';

export interface MlpOptions extends Partial<MlpSettings> {
  /** Who trains; the one that was handed in unless said. */
  readonly trainer?: MlpTrainer;
}

/**
 * Hidden layers as in zc_combine (graf.md 5); the margin as in TA-GATES' configuration; pairs, since they rank better than
 * squared errors at every number of labels (NAS-Bench-201, seeds of our own: tau .76 for .59 at 128, .84 for .71 at 1,024).
 */
const DEFAULTS: MlpSettings = {
  hidden: [90, 180, 180],
  loss: 'bce',
  margin: 0.1,
  steps: 250,
  batch: 128,
  learningRate: 3e-3,
  weightDecay: 1,
  holdOut: 0,
  patience: 8,
};

/** Standardised values further out count as this: one failed proxy is not to outshout all else. */
const FURTHEST = 10;

export interface FittedMlp extends Fitted {
  readonly id: 'mlp';
  readonly columns: readonly Column[];
  readonly layers: readonly DenseLayer[];
}

/**
 * A multi-layer perceptron with ReLU on standardised columns, trained by Adam with decoupled weight decay. A network trained
 * to rank gives scores without a unit: they are moved to the mean and standard deviation of the training target.
 * @throws ShapeError when an option is out of range. `fit` rejects with UnsupportedError where no trainer is at hand.
 * @see graf.md section 5; hinge: TA-GATES (Ning et al. 2022); BCE: PINAT's supplement, table 9.
 * Takes O(steps × batch × weights); pairs add batch² a step.
 */
export function mlp(options: MlpOptions = {}): Predictor<FeatureTable, FittedMlp> {
  const { trainer, ...given } = options;
  const settings: MlpSettings = { ...DEFAULTS, ...given };
  checkMlpSettings('mlp', settings);
  return {
    id: 'mlp',
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedMlp> {
      checkTraining('mlp.fit', x, y);
      signal?.throwIfAborted();
      const scaling = standardisation(x);
      const { mean, sd } = momentsOf(y);
      const rows = mlpInputs(x, scaling);
      const target = y.map((v) => (sd === 0 ? 0 : (v - mean) / sd));
      const job: MlpJob = {
        ...{ rowCount: x.rowCount, columnCount: x.columns.length, targetCount: 1, x: rows, y: target },
        ...{ start: [], frozen: 0, settings, rng },
      };
      const layers = await (trainer ?? mlpTrainer()).train(job, { signal, onProgress });
      return fittedMlp(
        x.columns,
        scaling,
        layers,
        unitOf(settings.loss, () => forward(layers, rows, x.rowCount), { mean, sd }),
      );
    },
  };
}

/** @throws ShapeError when one is out of range. */
export function checkMlpSettings(where: string, settings: MlpSettings): void {
  const { hidden, loss, margin, steps, batch, learningRate, weightDecay, holdOut, patience } = settings;
  const counts = { steps, batch, patience };
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
  const refuse = (option: string, expected: string, got: unknown): never => {
    throw new ShapeError({ argument: `${where}: ${option}`, expected, got: String(got) });
  };
  if (!(Array.isArray(hidden) && hidden.every(isCount))) refuse('hidden', 'whole numbers from 1', hidden);
  if (!LOSSES.includes(loss)) refuse('loss', `one of ${LOSSES.join(', ')}`, loss);
  for (const [name, value] of Object.entries(counts)) if (!isCount(value)) refuse(name, 'a whole number from 1', value);
  for (const [name, value] of Object.entries({ margin, learningRate })) {
    if (!(value > 0 && Number.isFinite(value))) refuse(name, 'a positive number', value);
  }
  if (!(weightDecay >= 0 && weightDecay * learningRate < 1))
    refuse('weightDecay', 'from 0 and below 1 / learningRate', weightDecay);
  if (!(holdOut >= 0 && holdOut < 1)) refuse('holdOut', 'a share from 0 and below 1', holdOut);
}

const LOSSES: readonly MlpLoss[] = ['mse', 'hinge', 'bce'];

/** What brings a network's numbers to the target's unit: its standardisation undone, or, of rankings, its mean and standard deviation. */
export function unitOf(loss: MlpLoss, scores: () => Float64Array, { mean, sd }: Moments): Unit {
  if (loss === 'mse') return { scale: sd, shift: mean };
  const own = momentsOf(scores());
  const scale = own.sd === 0 ? 0 : sd / own.sd;
  return { scale, shift: mean - scale * own.mean };
}

/** What a network reads, row-major: standardised columns, without what lies far out. */
export function mlpInputs(x: FeatureTable, scaling: Standardisation): Float64Array {
  return standardised(x, scaling).map((v) => Math.min(Math.max(v, -FURTHEST), FURTHEST));
}

/** Of a target. */
export interface Moments {
  readonly mean: number;
  readonly sd: number;
}

/** Prediction = shift + scale × the network's number. */
export interface Unit {
  readonly scale: number;
  readonly shift: number;
}

export const MLP_FORMAT = 'nascope/mlp';
export const MLP_VERSION = 1;

/** @throws DataError when the file is damaged. */
export function mlpFromJSON(file: ModelFile): FittedMlp {
  const columns = savedColumns(MLP_FORMAT, file.columns);
  return fittedMlp(
    columns,
    standardisationFromJSON(MLP_FORMAT, file.scaling, columns.length),
    layersFromJSON(MLP_FORMAT, file.layers, columns.length),
    { scale: savedNumber(MLP_FORMAT, 'scale', file.scale), shift: savedNumber(MLP_FORMAT, 'shift', file.shift) },
  );
}

export function fittedMlp(
  columns: readonly Column[],
  scaling: Standardisation,
  layers: readonly DenseLayer[],
  { scale, shift }: Unit,
): FittedMlp {
  return {
    id: 'mlp',
    columns,
    layers,
    predict(x: FeatureTable): Float64Array {
      checkColumns('mlp.predict', x, columns);
      return forward(layers, mlpInputs(x, scaling), x.rowCount).map((v) => shift + scale * v);
    },
    toJSON(): ModelFile {
      return { format: MLP_FORMAT, version: MLP_VERSION, columns, scaling, scale, shift, layers };
    },
  };
}
