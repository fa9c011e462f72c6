import { unsupported, type Value } from '../tape.js';
import type { Lowered, Lowering, LoweringOf } from './lowered.js';

export function lowerAdd({ tape, index, inputs, shape, where }: Lowering): Lowered {
  const { kernels } = tape;
  const y = tape.value(
    index,
    shape,
    inputs.some((input) => input.learns),
  );
  if (inputs.some((input) => input.count !== y.count)) throw unsupported('a sum of different shapes', where);
  const [first, second, ...rest] = inputs;
  if (second === undefined) tape.both(() => kernels.copy(first.at, y.at, y.count, false));
  else tape.both(() => kernels.add(first.at, second.at, y.at, y.count));
  for (const { at } of rest) tape.both(() => kernels.copy(at, y.at, y.count, true));
  const back = (): void => {
    const dy = tape.gradientOf(y);
    for (const input of inputs) {
      if (!input.learns || tape.share(input, y)) continue;
      const { at, accumulate } = tape.sink(input);
      tape.backward.push(() => kernels.copy(dy, at, y.count, accumulate));
    }
  };
  return { value: y, back };
}

/** Of two values of one shape, or of pictures and a factor for each of their channels. */
export function lowerMultiply({ tape, index, inputs, shape, where }: Lowering): Lowered {
  const { kernels, batch } = tape;
  const y = tape.value(
    index,
    shape,
    inputs.some((input) => input.learns),
  );
  if (inputs.length !== 2) throw unsupported(`a product of ${inputs.length} inputs`, where);
  const [a, b] = inputs;
  if (a.count === y.count && b.count === y.count) {
    tape.both(() => kernels.multiply(a.at, b.at, y.at, y.count, false));
    const back = (): void => {
      const dy = tape.gradientOf(y);
      for (const [to, other] of [[a, b] as const, [b, a] as const]) {
        if (!to.learns) continue;
        const { at, accumulate } = tape.sink(to);
        tape.backward.push(() => kernels.multiply(dy, other.at, at, y.count, accumulate));
      }
    };
    return { value: y, back };
  }
  const [x, factor] = a.count === y.count ? [a, b] : [b, a];
  const pixels = x.h * x.w;
  const perChannel = factor.h * factor.w === 1 && factor.c === x.c;
  if (x.count !== y.count || !perChannel) throw unsupported('a product of different shapes', where);
  tape.both(() => kernels.scalePixels(x.at, factor.at, y.at, batch, pixels, x.c, false));
  const back = (): void => {
    const dy = tape.gradientOf(y);
    if (x.learns) {
      const { at, accumulate } = tape.sink(x);
      tape.backward.push(() => kernels.scalePixels(dy, factor.at, at, batch, pixels, x.c, accumulate));
    }
    if (factor.learns) {
      const { at, accumulate } = tape.sink(factor);
      tape.backward.push(() => kernels.scalePixelsBackward(x.at, dy, at, batch, pixels, x.c, accumulate));
    }
  };
  return { value: y, back };
}

/** Along the channels. */
export function lowerConcat({ tape, index, op, inputs, shape, where }: LoweringOf<'concat'>): Lowered {
  if (op.axis !== shape.length - 1) throw unsupported(`a concatenation along axis ${op.axis}`, where);
  const { kernels } = tape;
  const y = tape.value(
    index,
    shape,
    inputs.some((input) => input.learns),
  );
  const parts: { readonly x: Value; readonly from: number }[] = [];
  let from = 0;
  for (const x of inputs) {
    parts.push({ x, from });
    from += x.c * 4;
  }
  for (const { x, from: at } of parts) {
    tape.both(() => kernels.copyColumns(x.at, x.c * 4, y.at + at, y.c * 4, y.rows, x.c, false));
  }
  const back = (): void => {
    const dy = tape.gradientOf(y);
    for (const { x, from: at } of parts) {
      if (!x.learns) continue;
      const sink = tape.sink(x);
      tape.backward.push(() => kernels.copyColumns(dy + at, y.c * 4, sink.at, x.c * 4, y.rows, x.c, sink.accumulate));
    }
  };
  return { value: y, back };
}
