import type { TensorShape } from '../../../core/ir/compute-graph.js';
import { asImage, volume } from '../../../core/ir/shapes.js';
import { NO_MARGINS, type Tape, unsupported, type Value } from '../tape.js';
import type { Lowered, LoweringOf } from './lowered.js';

export function lowerPad({ tape, index, op, inputs, shape, where }: LoweringOf<'pad'>): Lowered {
  if (op.margins.some((margin) => margin < 0)) throw unsupported('a pad that cuts off', where);
  const { kernels, batch } = tape;
  const [x] = inputs;
  // The border is never written, so that it stays zero.
  const y = tape.value(index, shape, x.learns, NO_MARGINS, true);
  const [top, bottom, left, right] = op.margins;
  tape.both(() => kernels.padCopy(x.at, y.at, batch, x.h, x.w, x.c, top, bottom, left, right, false));
  const back = (): void => {
    if (!x.learns) return;
    const dy = tape.gradientOf(y);
    const { at, accumulate } = tape.sink(x);
    tape.backward.push(() => kernels.cropCopy(dy, at, batch, x.h, x.w, x.c, top, bottom, left, right, accumulate));
  };
  return { value: y, back };
}

/** Blocks of channels become blocks of pixels, or the other way round. */
export function lowerBlocks({ tape, index, op, inputs, shape }: LoweringOf<'depth-to-space' | 'space-to-depth'>): Lowered {
  const { kernels, batch } = tape;
  const [x] = inputs;
  const y = tape.value(index, shape, x.learns);
  const [deep, flat] = op.type === 'depth-to-space' ? [x, y] : [y, x];
  const { h, w } = deep;
  const move = (from: number, to: number, back: boolean, accumulate: boolean): void =>
    kernels.depthToSpace(from, to, batch, h, w, op.block, flat.c, back, accumulate);
  const wasDeep = deep === x;
  tape.both(() => move(x.at, y.at, !wasDeep, false));
  const back = (): void => {
    if (!x.learns) return;
    const dy = tape.gradientOf(y);
    const { at, accumulate } = tape.sink(x);
    tape.backward.push(() => move(dy, at, wasDeep, accumulate));
  };
  return { value: y, back };
}

/** What a node sees of a value where that is not all of it: the first channels, or the same numbers in another shape. */
export function seen(tape: Tape, value: Value, reads: TensorShape, where: string): Lowered | Value {
  const { kernels } = tape;
  if (volume(reads) * tape.batch === value.count) {
    // Borders go round another picture now.
    return { ...value, ...tape.extents(reads), shape: reads, padded: new Map() };
  }
  const [h, w, c] = asImage(reads);
  if (h !== value.h || w !== value.w || c > value.c) {
    throw unsupported(`reading [${reads.join(', ')}] of [${value.shape.join(', ')}]`, where);
  }
  const y = tape.value(value.node, reads, value.learns);
  tape.both(() => kernels.copyColumns(value.at, value.c * 4, y.at, c * 4, y.rows, c, false));
  const back = (): void => {
    if (!value.learns) return;
    const dy = tape.gradientOf(y);
    const at = tape.adding(value);
    tape.backward.push(() => kernels.copyColumns(dy, c * 4, at, value.c * 4, y.rows, c, true));
  };
  return { value: y, back };
}
