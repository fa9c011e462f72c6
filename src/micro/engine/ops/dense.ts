import type { Lowered, LoweringOf } from './lowered.js';

/** A matrix product along the last axis. */
export function lowerDense({ tape, index, op, inputs, shape }: LoweringOf<'dense'>): Lowered {
  const { kernels } = tape;
  const [x] = inputs;
  const y = tape.value(index, shape, true);
  const weights = tape.parameter(index, 'dense');
  const bias = op.bias ? tape.parameter(index, 'bias') : { value: 0, gradient: 0 };
  const table = tape.rowTable(x);
  const panels = tape.arena.keep(Math.ceil(y.c / 8) * 32 * x.c);
  tape.both(() => {
    kernels.pack(weights.value, panels, x.c, y.c, y.c * 4);
    kernels.contract(x.at, table, panels, bias.value, y.at, y.rows, y.c, y.c * 4, 1, 0, 1, 0, x.c, false);
  });
  const back = (): void => {
    const dy = tape.gradientOf(y);
    if (op.bias) tape.backward.push(() => kernels.sumRows(dy, bias.gradient, y.rows, y.c));
    tape.backward.push(() =>
      kernels.contractWeights(x.at, table, dy, weights.gradient, y.rows, y.c, y.c * 4, y.c * 4, 1, 0, 1, 0, x.c),
    );
    if (!x.learns) return;
    const { at, accumulate } = tape.sink(x);
    const rows = tape.rowTable(y);
    tape.scratch(Math.ceil(x.c / 8) * 32 * y.c, (turned) =>
      tape.backward.push(() => {
        kernels.packTurned(weights.value, turned, 1, x.c, y.c, false);
        kernels.contract(dy, rows, turned, 0, at, x.rows, x.c, x.c * 4, 1, 0, 1, 0, y.c, accumulate);
      }),
    );
  };
  return { value: y, back };
}
