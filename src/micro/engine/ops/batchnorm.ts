import type { Lowered, LoweringOf } from './lowered.js';

/** As PyTorch has them: how far the running statistics move, and what keeps the root from 0. */
const MOMENTUM = 0.1;
const EPSILON = 1e-5;

export interface StatisticPlace {
  readonly node: number;
  readonly mean: number;
  readonly variance: number;
  readonly channels: number;
}

export function lowerBatchnorm({ tape, index, inputs, shape }: LoweringOf<'batchnorm'>, statistics: StatisticPlace[]): Lowered {
  const { kernels } = tape;
  const [x] = inputs;
  const y = tape.value(index, shape, true);
  const scale = tape.parameter(index, 'scale');
  const shift = tape.parameter(index, 'shift');
  const [mean, inverse, runningMean, runningVariance] = [0, 1, 2, 3].map(() => tape.arena.keep(x.c * 4));
  statistics.push({ node: index, mean: runningMean, variance: runningVariance, channels: x.c });
  tape.forward.push(() =>
    kernels.batchnormTrain(
      ...([x.at, y.at, x.rows, x.c, scale.value, shift.value, mean, inverse] as const),
      ...([runningMean, runningVariance, MOMENTUM, EPSILON] as const),
    ),
  );
  tape.evaluate.push(() =>
    kernels.batchnormEvaluate(x.at, y.at, x.rows, x.c, scale.value, shift.value, runningMean, runningVariance, EPSILON),
  );
  const back = (): void => {
    const dy = tape.gradientOf(y);
    // What does not learn has a gradient all the same: scale and shift come with it.
    if (!x.learns) {
      tape.scratch(x.count * 4, (dx) => layOut(dx, false));
      return;
    }
    const { at, accumulate } = tape.sink(x);
    layOut(at, accumulate);

    function layOut(dx: number, onTop: boolean): void {
      tape.backward.push(() =>
        kernels.batchnormBackward(
          ...([x.at, dy, dx, x.rows, x.c, scale.value, mean, inverse] as const),
          ...([scale.gradient, shift.gradient, onTop] as const),
        ),
      );
    }
  };
  return { value: y, back };
}
