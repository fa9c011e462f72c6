import type { Scalar, Tensor2D, Variable } from '@tensorflow/tfjs';
import { ConvergenceError } from '../core/base/errors.js';
import { nextTurn, type WorkOptions } from '../core/base/progress.js';
import type { Rng } from '../core/base/rng.js';
import type { DenseLayer } from '../core/models/dense-network.js';
import type { MlpJob, MlpSettings, MlpTrainer } from '../core/models/mlp-trainer.js';
import { hingeLoss, orderedPairs, pairBceLoss } from './ranking-losses.js';
import { tensorflow } from './tensorflow.js';
import type { Tf } from './tf.js';

/** Checks of held-out rows, and turns for signals and displays, in all steps. */
const CHECKS = 40;

/** Trains perceptrons on the tensor backend: Adam, the learning rate along half a cosine, decoupled weight decay. */
export const tfjsMlpTrainer: MlpTrainer = {
  async train(job: MlpJob, work: WorkOptions): Promise<readonly DenseLayer[]> {
    const tf = await tensorflow();
    const run = new TrainingRun(tf, job);
    try {
      return await run.layers(work);
    } finally {
      run.dispose();
    }
  },
};

class TrainingRun {
  private readonly weights: Variable[] = [];
  private readonly biases: Variable[] = [];
  /** What is not frozen: weights, and all. */
  private readonly decaying: readonly Variable[];
  private readonly learning: readonly Variable[];
  private readonly optimizer;
  private readonly train: Int32Array;
  private readonly held: Int32Array;
  private order: Int32Array = new Int32Array(0);
  private next = 0;

  constructor(
    private readonly tf: Tf,
    private readonly job: MlpJob,
  ) {
    const { settings, rowCount, rng } = job;
    const held = Math.min(rowCount - 1, Math.floor(settings.holdOut * rowCount));
    const rows = held === 0 ? Int32Array.from({ length: rowCount }, (_, r) => r) : rng.fork('hold out').permutation(rowCount);
    this.held = rows.slice(0, held);
    this.train = rows.slice(held);
    this.optimizer = tf.train.adam(settings.learningRate);
    let inputs = job.columnCount;
    [...settings.hidden, job.targetCount].forEach((units, layer) => {
      const start = job.start[layer] ?? {
        weights: initialWeights(inputs, units, rng.fork('weights').fork(layer)),
        biases: new Float32Array(units),
      };
      const weights = Float32Array.from(start.weights);
      const biases = Float32Array.from(start.biases);
      this.weights.push(tf.tidy(() => tf.variable(tf.tensor2d(weights, [inputs, units]))));
      this.biases.push(tf.tidy(() => tf.variable(tf.tensor1d(biases))));
      inputs = units;
    });
    this.decaying = this.weights.slice(job.frozen);
    this.learning = [...this.decaying, ...this.biases.slice(job.frozen)];
  }

  async layers({ signal, onProgress }: WorkOptions): Promise<readonly DenseLayer[]> {
    const { steps, patience } = this.job.settings;
    const every = Math.max(1, Math.round(steps / CHECKS));
    const batches = this.job.rng.fork('batches');
    let best: { readonly loss: number; readonly layers: readonly DenseLayer[] } | undefined;
    let waited = 0;
    for (let step = 0; step < steps; step++) {
      const wanted = (step + 1) % every === 0 || step + 1 === steps;
      const loss = this.step(step, this.batch(batches), wanted);
      if (!wanted) continue;
      signal?.throwIfAborted();
      if (!Number.isFinite(loss)) throw new ConvergenceError('mlp', `the loss is ${loss} after ${step + 1} steps`);
      if (this.held.length > 0) {
        const heldLoss = this.heldLoss();
        waited++;
        if (best === undefined || heldLoss < best.loss) {
          best = { loss: heldLoss, layers: this.snapshot() };
          waited = 0;
        }
        if (waited >= patience) break;
      }
      onProgress?.({ done: step + 1, total: steps, label: 'step' });
      await nextTurn();
      signal?.throwIfAborted();
    }
    onProgress?.({ done: steps, total: steps, label: 'step' });
    signal?.throwIfAborted();
    return best?.layers ?? this.snapshot();
  }

  /** One step of the optimizer; gives the loss before it, where it is asked for. */
  private step(step: number, rows: Int32Array, asked: boolean): number {
    const { tf, optimizer, decaying } = this;
    const { learningRate, weightDecay, steps } = this.job.settings;
    const rate = 0.5 * learningRate * (1 + Math.cos((Math.PI * step) / steps));
    (optimizer as unknown as { learningRate: number }).learningRate = rate;
    return tf.tidy(() => {
      const loss = optimizer.minimize(this.lossOn(rows), asked, [...this.learning]) as Scalar | null;
      if (weightDecay > 0) for (const weight of decaying) weight.assign(tf.mul(weight, 1 - rate * weightDecay));
      return loss === null ? 0 : loss.dataSync()[0];
    });
  }

  private heldLoss(): number {
    return this.tf.tidy(() => this.lossOn(this.held)().dataSync()[0]);
  }

  /** The loss as a function of the variables. To be called within a `tidy`, which frees the rows' tensors. */
  private lossOn(rows: Int32Array): () => Scalar {
    const { tf } = this;
    const { columnCount, targetCount, x, y, settings } = this.job;
    const values = new Float32Array(rows.length * columnCount);
    const target = new Float32Array(rows.length * targetCount);
    rows.forEach((row, i) => {
      values.set(x.subarray(row * columnCount, (row + 1) * columnCount), i * columnCount);
      target.set(y.subarray(row * targetCount, (row + 1) * targetCount), i * targetCount);
    });
    const of = lossFunction(tf, settings, target);
    const input = tf.tensor2d(values, [rows.length, columnCount]);
    return () => of(this.scores(input));
  }

  private scores(input: Tensor2D): Tensor2D {
    const { tf, weights, biases } = this;
    let h = input;
    weights.forEach((weight, layer) => {
      h = tf.add(tf.matMul(h, weight as unknown as Tensor2D), biases[layer]) as Tensor2D;
      if (layer < weights.length - 1) h = tf.relu(h);
    });
    return h;
  }

  /** The next rows; anew in random order when all have been seen. */
  private batch(rng: Rng): Int32Array {
    const { train, job } = this;
    if (train.length <= job.settings.batch) return train;
    if (this.next + job.settings.batch > this.order.length) {
      this.order = rng.permutation(train.length).map((i) => train[i]);
      this.next = 0;
    }
    this.next += job.settings.batch;
    return this.order.subarray(this.next - job.settings.batch, this.next);
  }

  private snapshot(): readonly DenseLayer[] {
    return this.weights.map((weight, layer) => ({
      weights: Array.from(weight.dataSync()),
      biases: Array.from(this.biases[layer].dataSync()),
    }));
  }

  dispose(): void {
    this.tf.dispose([...this.weights, ...this.biases]);
    this.optimizer.dispose();
  }
}

function lossFunction(tf: Tf, { loss, margin }: MlpSettings, target: Float32Array): (scores: Tensor2D) => Scalar {
  if (loss === 'mse') {
    return (scores) => tf.mean(tf.squaredDifference(scores, tf.tensor2d(target, scores.shape)));
  }
  const { better, count } = orderedPairs(tf, target);
  if (loss === 'hinge') return (scores) => hingeLoss(tf, scores, better, count, margin);
  return (scores) => pairBceLoss(tf, scores, better, count);
}

/** He et al. 2015: variance 2 / inputs. */
function initialWeights(inputs: number, units: number, rng: Rng): Float32Array {
  const sd = Math.sqrt(2 / inputs);
  return Float32Array.from({ length: inputs * units }, () => sd * rng.normal());
}
