import type { Activation } from '../../../core/ir/compute-graph.js';
import { type FourMargins, NO_MARGINS, unsupported } from '../tape.js';
import type { Lowered, LoweringOf } from './lowered.js';

/** As the kernels number them. */
const KINDS: Readonly<Partial<Record<Activation, number>>> = { relu6: 1, sigmoid: 2, tanh: 3, swish: 4 };

/** @param margins of the value that a ReLU writes: those that all who take it want. */
export function lowerActivation(
  { tape, index, op, inputs, shape, where }: LoweringOf<'activation'>,
  margins: FourMargins = NO_MARGINS,
): Lowered {
  const { kernels, batch } = tape;
  const [x] = inputs;
  const kind = KINDS[op.function];
  if (op.function !== 'relu' && kind === undefined) throw unsupported(op.function, where);
  const y = tape.value(index, shape, x.learns, margins);
  const [top, bottom, left, right] = margins;
  if (kind !== undefined) tape.both(() => kernels.activate(kind, x.at, y.at, x.count));
  else if (margins.every((margin) => margin === 0)) tape.both(() => kernels.relu(x.at, y.at, x.count));
  else tape.both(() => kernels.padCopy(x.at, y.at, batch, x.h, x.w, x.c, top, bottom, left, right, true));
  const back = (): void => {
    if (!x.learns) return;
    const dy = tape.gradientOf(y);
    const { at, accumulate } = tape.sink(x);
    if (kind === undefined) tape.backward.push(() => kernels.reluBackward(x.at, dy, at, x.count, accumulate));
    else tape.backward.push(() => kernels.activateBackward(kind, x.at, dy, at, x.count, accumulate));
  };
  return { value: y, back };
}
