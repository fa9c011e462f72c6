import { UnsupportedError } from '../base/errors.js';
import type { WorkOptions } from '../base/progress.js';
import type { Rng } from '../base/rng.js';
import type { DenseLayer } from './dense-network.js';

/**
 * What training makes small. `mse`: squared errors. `hinge`: of pairs of rows, how far the better one's lead in score falls
 * short of the margin. `bce`: of pairs, the cross entropy of "the first is better" with sigmoid(lead).
 */
export type MlpLoss = 'mse' | 'hinge' | 'bce';

export interface MlpSettings {
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly loss: MlpLoss;
  /** Of `hinge`, in the score's own unit. */
  readonly margin: number;
  /** Steps of the optimizer at most. */
  readonly steps: number;
  /** Rows a step; all of them where there are fewer. Ranking losses pair each with each. */
  readonly batch: number;
  /** At the start; it falls to 0 along half a cosine. */
  readonly learningRate: number;
  /** By how much each weight shrinks a step, times the learning rate. */
  readonly weightDecay: number;
  /** Share of the training rows that is held out; the weights that do best on them are kept. 0: all rows train, all steps are taken. */
  readonly holdOut: number;
  /** With rows held out: checks without a better one before training stops. There are 40 checks in all steps. */
  readonly patience: number;
}

/** Rows to learn from, standardised. */
export interface MlpJob {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Numbers a row to be predicted: units of the last layer. Rankings are of one. */
  readonly targetCount: number;
  /** Row-major. */
  readonly x: Float64Array;
  /** Row-major. */
  readonly y: Float64Array;
  /** The first layers as training finds them; those after them begin at random. */
  readonly start: readonly DenseLayer[];
  /** So many layers from the first stay as they are. */
  readonly frozen: number;
  readonly settings: MlpSettings;
  readonly rng: Rng;
}

/** Who trains networks. The same job gives the same layers on the same backend. */
export interface MlpTrainer {
  /** @throws (rejects) with the signal's reason when aborted; ConvergenceError when the loss is not finite. */
  train(job: MlpJob, work: WorkOptions): Promise<readonly DenseLayer[]>;
}

let handedIn: MlpTrainer | undefined;

/** Says who trains where `mlp` is not told: the core has no tensor library of its own. */
export function trainMlpsWith(trainer: MlpTrainer): void {
  handedIn = trainer;
}

/** @throws UnsupportedError when no trainer has been handed in. */
export function mlpTrainer(): MlpTrainer {
  if (handedIn !== undefined) return handedIn;
  throw new UnsupportedError('mlp without a tensor library', "Import 'nascope', or call trainMlpsWith.");
}
