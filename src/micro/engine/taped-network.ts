import { ShapeError, UnsupportedError } from '../../core/base/errors.js';
import type { TensorShape } from '../../core/ir/compute-graph.js';
import { volume } from '../../core/ir/shapes.js';
import type { EngineMemory } from './engine-memory.js';
import type { LiveGraph } from './live.js';
import type { LossKind, Network, Parameter, Statistic, StepOptions } from './network.js';
import type { StatisticPlace } from './ops/batchnorm.js';
import type { ParameterLayout, ParameterPlan } from './parameters.js';
import type { Step, Tape, Value } from './tape.js';

interface Layout {
  readonly memory: EngineMemory;
  readonly tape: Tape;
  readonly live: LiveGraph;
  readonly values: ReadonlyMap<number, Value>;
  readonly statistics: readonly StatisticPlace[];
  readonly plans: readonly ParameterPlan[];
  readonly places: ParameterLayout;
  readonly output: Value;
  /** Where it stands, in bytes, and where the targets of a loss do. */
  readonly outputGradient: number;
  readonly targets: number;
  readonly bytes: number;
  readonly inputShape: TensorShape;
  readonly outputShape: TensorShape;
  readonly macs: number;
}

/** Runs what the tape has laid out. */
export class TapedNetwork implements Network {
  readonly batch: number;
  readonly inputShape: TensorShape;
  readonly outputShape: TensorShape;
  readonly macs: number;
  readonly bytes: number;
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  readonly inputGradient: Float32Array | null;
  private readonly input: Float32Array;
  private readonly output: Float32Array;
  private readonly outputGradient: Float32Array;
  private readonly classes: Int32Array;
  private readonly numbers: Float32Array;
  private released = false;

  constructor(private readonly layout: Layout) {
    const { memory, tape, live, values, output, plans, places } = layout;
    this.batch = tape.batch;
    this.inputShape = layout.inputShape;
    this.outputShape = layout.outputShape;
    this.macs = layout.macs;
    this.bytes = layout.bytes;
    this.parameters = plans.map((plan, i) => {
      const count = volume(plan.shape);
      const { value, gradient } = places.each[i];
      return { ...plan, value: memory.floats(value, count), gradient: memory.floats(gradient, count) };
    });
    this.statistics = layout.statistics.map(({ node, mean, variance, channels }) => {
      const statistic = { node, mean: memory.floats(mean, channels), variance: memory.floats(variance, channels) };
      statistic.variance.fill(1);
      return statistic;
    });
    const input = values.get(live.input) as Value;
    this.input = memory.floats(input.at, input.count);
    this.inputGradient = input.gradient.buffer === null ? null : memory.floats(input.gradient.buffer.at, input.count);
    this.output = memory.floats(output.at, output.count);
    this.outputGradient = memory.floats(layout.outputGradient, output.count);
    this.classes = memory.ints(layout.targets, this.batch);
    this.numbers = memory.floats(layout.targets, output.count);
  }

  forward(x: Float32Array, mode: 'train' | 'evaluate'): Float32Array {
    this.checkAlive();
    if (mode === 'train' ? x.length !== this.input.length : x.length > this.input.length) {
      throw misfit('forward: x', `${this.batch} x [${this.inputShape.join(', ')}] numbers`, x.length);
    }
    this.input.set(x);
    run(mode === 'train' ? this.layout.tape.forward : this.layout.tape.evaluate);
    return this.output;
  }

  loss(kind: LossKind, targets: Int32Array | Float32Array, factor: number): number {
    this.checkAlive();
    const { kernels } = this.layout.memory;
    const { output, outputGradient, targets: y } = this.layout;
    const { length } = this.output;
    if (kind === 'cross-entropy') {
      const classes = length / this.batch;
      if (targets.length !== this.batch) throw misfit('loss: targets', `${this.batch} classes`, targets.length);
      if (targets.some((label) => !(Number.isInteger(label) && label >= 0 && label < classes))) {
        throw new ShapeError({ argument: 'loss: targets', expected: `classes from 0 to ${classes - 1}`, got: 'others' });
      }
      this.classes.set(targets);
      return kernels.crossEntropy(output.at, y, outputGradient, this.batch, classes, factor);
    }
    if (targets.length !== length) throw misfit('loss: targets', `${length} numbers`, targets.length);
    this.numbers.set(targets);
    return kind === 'squared-error'
      ? kernels.squaredError(output.at, y, outputGradient, length, factor)
      : kernels.sigmoidCrossEntropy(output.at, y, outputGradient, length, factor);
  }

  backward(outputGradient?: Float32Array): void {
    this.checkAlive();
    if (outputGradient !== undefined) {
      if (outputGradient.length !== this.output.length) {
        throw misfit('backward: outputGradient', `${this.output.length} numbers`, outputGradient.length);
      }
      this.outputGradient.set(outputGradient);
    }
    run(this.layout.tape.backward);
  }

  step({ learningRate, momentum, weightDecay }: StepOptions): void {
    this.checkAlive();
    const { values, gradients, speeds, count } = this.layout.places;
    this.layout.memory.kernels.descend(values, gradients, speeds, count, learningRate, momentum, weightDecay);
  }

  activation(node: number): Float32Array | null {
    const value = this.kept(node);
    if (value === undefined || value.margins.some((margin) => margin > 0)) return null;
    if (!this.layout.tape.keepAll && this.layout.live.passing[value.node] === 1) return null;
    return this.layout.memory.floats(value.at, value.count);
  }

  activationGradient(node: number): Float32Array | null {
    const value = this.layout.tape.keepAll ? this.kept(node) : undefined;
    const buffer = value?.gradient.buffer ?? null;
    return value === undefined || buffer === null ? null : this.layout.memory.floats(buffer.at, value.count);
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    this.layout.memory.release();
  }

  /** Its memory may be another network's by now. */
  private checkAlive(): void {
    if (this.released) throw new UnsupportedError('Using a network after its release', 'Compile it again.');
  }

  private kept(node: number): Value | undefined {
    return this.layout.values.get(this.layout.live.source[node]);
  }
}

function run(steps: readonly Step[]): void {
  for (let i = 0; i < steps.length; i++) steps[i]();
}

function misfit(argument: string, expected: string, got: number): ShapeError {
  return new ShapeError({ argument, expected, got: `${got}` });
}
