import type { PoolWindow } from '../../../wasm/engine.js';
import { unsupported } from '../tape.js';
import { marginsOf } from './conv.js';
import type { Lowered, Lowering, LoweringOf } from './lowered.js';

export function lowerPool({ tape, index, op, inputs, shape, where }: LoweringOf<'pool'>): Lowered {
  const { kernels, batch } = tape;
  const [x] = inputs;
  const y = tape.value(index, shape, x.learns);
  const [top, bottom, left, right] = marginsOf(op.padding, { ...op, dilation: [1, 1] }, [x.h, x.w]);
  if (Math.max(top, bottom) >= op.kernel[0] || Math.max(left, right) >= op.kernel[1]) {
    throw unsupported('a pool with windows that see no pixel', where);
  }
  const window: PoolWindow = [
    ...([batch, x.h, x.w, x.c, y.h, y.w] as const),
    ...([op.kernel[0], op.kernel[1], op.stride[0], op.stride[1], top, left] as const),
  ];
  if (op.mode === 'avg') tape.both(() => kernels.averagePool(x.at, y.at, ...window));
  else tape.both(() => kernels.maxPool(x.at, y.at, ...window));
  const back = (): void => {
    if (!x.learns) return;
    const dy = tape.gradientOf(y);
    const dx = tape.adding(x);
    if (op.mode === 'avg') tape.backward.push(() => kernels.averagePoolBackward(dy, dx, ...window));
    else tape.backward.push(() => kernels.maxPoolBackward(x.at, y.at, dy, dx, ...window));
  };
  return { value: y, back };
}

/** The mean over height and width. */
export function lowerMean({ tape, index, inputs, shape }: Lowering): Lowered {
  const { kernels, batch } = tape;
  const [x] = inputs;
  const y = tape.value(index, shape, x.learns);
  const pixels = x.h * x.w;
  tape.both(() => kernels.meanPixels(x.at, y.at, batch, pixels, x.c));
  const back = (): void => {
    if (!x.learns) return;
    const dy = tape.gradientOf(y);
    const { at, accumulate } = tape.sink(x);
    tape.backward.push(() => kernels.meanPixelsBackward(dy, at, batch, pixels, x.c, accumulate));
  };
  return { value: y, back };
}
