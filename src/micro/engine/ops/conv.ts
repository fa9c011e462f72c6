import type { Extent, Padding } from '../../../core/ir/compute-graph.js';
import type { FourMargins, Tape, Value } from '../tape.js';
import { NO_MARGINS } from '../tape.js';
import type { Lowered, LoweringOf } from './lowered.js';

/** A window that passes over a picture. */
interface Window {
  readonly kernel: Extent;
  readonly stride: Extent;
  readonly dilation: Extent;
  readonly groups: number;
  readonly bias: boolean;
}

/** Rows and columns of zeros at each side, of which some may not be reached by any window. */
export function marginsOf(
  padding: Padding,
  { kernel, stride, dilation }: { readonly kernel: Extent; readonly stride: Extent; readonly dilation: Extent },
  from: readonly [h: number, w: number],
): FourMargins {
  if (padding === 'valid') return NO_MARGINS;
  if (padding !== 'same') return padding;
  const [y, x] = [0, 1].map((axis) => {
    const places = Math.ceil(from[axis] / stride[axis]);
    const missing = Math.max(0, (places - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1 - from[axis]);
    return [Math.floor(missing / 2), Math.ceil(missing / 2)];
  });
  return [y[0], y[1], x[0], x[1]];
}

export function lowerConv({ tape, index, op, inputs, shape }: LoweringOf<'conv2d'>): Lowered {
  return convolution(tape, index, op, op.padding, inputs[0], shape);
}

export function convolution(
  tape: Tape,
  index: number,
  op: Window,
  padding: Padding,
  input: Value,
  shape: readonly number[],
): Lowered {
  const { kernels } = tape;
  const { kernel, stride, dilation, groups } = op;
  const margins = marginsOf(padding, op, [input.h, input.w]);
  const x = tape.withMargins(input, margins);
  const y = tape.value(index, shape, true);
  const weights = tape.parameter(index, 'conv');
  const bias = op.bias ? tape.parameter(index, 'bias') : { value: 0, gradient: 0 };

  const inputsOf = input.c / groups;
  const outputsOf = y.c / groups;
  const taps = kernel[0] * kernel[1];
  const lines = taps * inputsOf;
  const weightBytes = lines * outputsOf * 4;
  const height = x.margins[0] + x.h + x.margins[1];
  const width = x.margins[2] + x.w + x.margins[3];
  const table = tape.table([y.h, y.w], stride, [x.margins[0] - margins[0], x.margins[2] - margins[2]], [height, width, x.c]);
  const patch = runs(kernel, dilation, width, x.c, inputsOf);

  // Weights of 8 outputs lie as the kernels want them; others are laid out anew whenever they may have changed.
  const ready = outputsOf === 8;
  const panelBytes = Math.ceil(outputsOf / 8) * 8 * lines * 4;
  const panels = ready ? weights.value : tape.arena.keep(panelBytes * groups);
  const panelStep = ready ? weightBytes : panelBytes;
  for (let g = 0; g < groups; g++) {
    const from = weights.value + g * weightBytes;
    const to = panels + g * panelStep;
    if (!ready) tape.both(() => kernels.pack(from, to, lines, outputsOf, outputsOf * 4));
    const xg = x.at + g * inputsOf * 4;
    const yg = y.at + g * outputsOf * 4;
    const bg = bias.value === 0 ? 0 : bias.value + g * outputsOf * 4;
    tape.both(() => kernels.contract(xg, table, to, bg, yg, y.rows, outputsOf, y.c * 4, ...patch, false));
  }

  const back = (): void => {
    const dy = tape.gradientOf(y);
    if (op.bias) tape.backward.push(() => kernels.sumRows(dy, bias.gradient, y.rows, y.c));
    for (let g = 0; g < groups; g++) {
      const xg = x.at + g * inputsOf * 4;
      const dyg = dy + g * outputsOf * 4;
      const dw = weights.gradient + g * weightBytes;
      tape.backward.push(() => kernels.contractWeights(xg, table, dyg, dw, y.rows, outputsOf, y.c * 4, outputsOf * 4, ...patch));
    }
    if (!input.learns) return;
    const turned = turnedMargins(op, margins, input, y);
    if (turned !== null) backAsConvolution(turned);
    else backByPatches();
  };

  /** The gradient of the input is a convolution of the gradient of the output with the kernel turned round. */
  const backAsConvolution = (border: FourMargins): void => {
    const [top, bottom, left, right] = border;
    const dy = tape.gradientOf(y);
    const bare = border.every((margin) => margin === 0);
    const from = bare ? dy : tape.bordered(y.h, y.w, y.c, border);
    if (!bare) {
      tape.backward.push(() => kernels.padCopy(dy, from, tape.batch, y.h, y.w, y.c, top, bottom, left, right, false));
    }
    const wide = left + y.w + right;
    const places = tape.table([input.h, input.w], [1, 1], [0, 0], [top + y.h + bottom, wide, y.c]);
    const patchBack = runs(kernel, dilation, wide, y.c, outputsOf);
    const { at, accumulate } = tape.sink(input);
    tape.scratch(Math.ceil(inputsOf / 8) * 32 * taps * outputsOf, (turnedWeights) => {
      for (let g = 0; g < groups; g++) {
        const w = weights.value + g * weightBytes;
        const fromG = from + g * outputsOf * 4;
        const to = at + g * inputsOf * 4;
        tape.backward.push(() => {
          kernels.packTurned(w, turnedWeights, taps, inputsOf, outputsOf, true);
          kernels.contract(
            ...([fromG, places, turnedWeights, 0, to, input.rows, inputsOf, input.c * 4] as const),
            ...patchBack,
            accumulate,
          );
        });
      }
    });
  };

  /** The gradients of all patches, each then added where the patch was read. */
  const backByPatches = (): void => {
    const dy = tape.gradientOf(y);
    const rowTable = tape.rowTable(y);
    const bare = x.margins.every((margin) => margin === 0);
    const [top, bottom, left, right] = x.margins;
    const pictureCount = tape.batch * height * width * x.c;
    const spread = (dx: number): void => {
      tape.scratch(y.rows * lines * 4, (patches) =>
        tape.scratch(Math.ceil(lines / 8) * 32 * outputsOf, (turnedWeights) => {
          for (let g = 0; g < groups; g++) {
            const w = weights.value + g * weightBytes;
            const dyg = dy + g * outputsOf * 4;
            const to = dx + g * inputsOf * 4;
            tape.backward.push(() => {
              kernels.packTurned(w, turnedWeights, taps, inputsOf, outputsOf, false);
              kernels.contract(
                ...([dyg, rowTable, turnedWeights, 0, patches, y.rows, lines, lines * 4] as const),
                ...([1, 0, 1, 0, outputsOf, false] as const),
              );
              kernels.spreadPatches(patches, table, to, y.rows, ...patch);
            });
          }
        }),
      );
    };
    if (bare) {
      spread(tape.adding(input));
      return;
    }
    tape.scratch(pictureCount * 4, (picture) => {
      tape.backward.push(() => kernels.fill(picture, pictureCount, 0));
      spread(picture);
      const { at, accumulate } = tape.sink(input);
      tape.backward.push(() => kernels.cropCopy(picture, at, tape.batch, x.h, x.w, x.c, top, bottom, left, right, accumulate));
    });
  };
  return { value: y, back };
}

/** How a patch lies in a picture of `width` pixels of `channels` numbers: neighbouring pixels are one run. */
function runs(
  [kh, kw]: Extent,
  [stepY, stepX]: Extent,
  width: number,
  channels: number,
  used: number,
): readonly [ny: number, strideY: number, nx: number, strideX: number, len: number] {
  const joined = (stepX === 1 || kw === 1) && used === channels;
  return [kh, stepY * width * channels * 4, joined ? 1 : kw, stepX * channels * 4, joined ? kw * used : used];
}

/** The border that the gradient of the output needs; null where the way back is no such convolution. */
export function turnedMargins(
  { kernel, stride, dilation }: Pick<Window, 'kernel' | 'stride' | 'dilation'>,
  margins: FourMargins,
  input: Value,
  y: Value,
): FourMargins | null {
  if (stride[0] !== 1 || stride[1] !== 1) return null;
  const top = (kernel[0] - 1) * dilation[0] - margins[0];
  const left = (kernel[1] - 1) * dilation[1] - margins[2];
  const bottom = input.h + (kernel[0] - 1) * dilation[0] - y.h - top;
  const right = input.w + (kernel[1] - 1) * dilation[1] - y.w - left;
  return Math.min(top, left, bottom, right) < 0 ? null : [top, bottom, left, right];
}
