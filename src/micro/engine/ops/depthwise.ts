import type { FourMargins } from '../tape.js';
import { convolution, marginsOf, turnedMargins } from './conv.js';
import type { Lowered, LoweringOf } from './lowered.js';

/** One kernel for each channel; with more than one, a convolution in as many groups as there are channels. */
export function lowerDepthwise({ tape, index, op, inputs, shape }: LoweringOf<'depthwise'>): Lowered {
  const [input] = inputs;
  if (op.multiplier !== 1) return convolution(tape, index, { ...op, groups: input.c }, op.padding, input, shape);
  const { kernels, batch } = tape;
  const margins = marginsOf(op.padding, op, [input.h, input.w]);
  const x = tape.withMargins(input, margins);
  const y = tape.value(index, shape, true);
  const weights = tape.parameter(index, 'depthwise');
  const bias = op.bias ? tape.parameter(index, 'bias') : { value: 0, gradient: 0 };
  const [top, bottom, left, right] = x.margins;
  const height = top + x.h + bottom;
  const width = left + x.w + right;
  // A border wider than this window's is stepped over.
  const offset = ((top - margins[0]) * width + left - margins[2]) * x.c * 4;
  const window = [
    ...([batch, height, width, x.c, y.h, y.w, op.kernel[0], op.kernel[1]] as const),
    ...([op.stride[0], op.stride[1], op.dilation[0], op.dilation[1]] as const),
  ] as const;
  const from = x.at + offset;
  tape.both(() => kernels.depthwise(from, weights.value, bias.value, y.at, ...window, false));

  const back = (): void => {
    const dy = tape.gradientOf(y);
    if (op.bias) tape.backward.push(() => kernels.sumRows(dy, bias.gradient, y.rows, y.c));
    tape.backward.push(() => kernels.depthwiseWeights(from, dy, weights.gradient, ...window));
    if (!input.learns) return;
    const turned = turnedMargins(op, margins, input, y);
    if (turned !== null) {
      backAsConvolution(turned);
      return;
    }
    if (x === input && top + bottom + left + right === 0) {
      const dx = tape.adding(input);
      tape.backward.push(() => kernels.depthwiseBackward(dy, weights.value, dx, ...window));
      return;
    }
    const count = batch * height * width * x.c;
    tape.scratch(count * 4, (picture) => {
      const { at, accumulate } = tape.sink(input);
      tape.backward.push(() => {
        kernels.fill(picture, count, 0);
        kernels.depthwiseBackward(dy, weights.value, picture + offset, ...window);
        kernels.cropCopy(picture, at, batch, x.h, x.w, x.c, top, bottom, left, right, accumulate);
      });
    });
  };

  /** The gradient of the input is a convolution of the gradient of the output with the kernel turned round. */
  const backAsConvolution = (border: FourMargins): void => {
    const dy = tape.gradientOf(y);
    const [above, below, before, after] = border;
    const bare = border.every((margin) => margin === 0);
    const picture = bare ? dy : tape.bordered(y.h, y.w, y.c, border);
    const { at, accumulate } = tape.sink(input);
    const taps = op.kernel[0] * op.kernel[1];
    tape.scratch(taps * y.c * 4, (flipped) =>
      tape.backward.push(() => {
        if (!bare) kernels.padCopy(dy, picture, batch, y.h, y.w, y.c, above, below, before, after, false);
        kernels.turnTaps(weights.value, flipped, taps, y.c);
        kernels.depthwise(
          ...([picture, flipped, 0, at, batch, above + y.h + below, before + y.w + after, y.c] as const),
          ...([input.h, input.w, op.kernel[0], op.kernel[1], 1, 1, op.dilation[0], op.dilation[1], accumulate] as const),
        );
      }),
    );
  };
  return { value: y, back };
}
