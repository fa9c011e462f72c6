import type { Activation } from '../../core/ir/compute-graph.js';
import { type Constant, foldable, MOST_RANK, MOST_VALUES } from './constant.js';
import { broadcastShape, combined, concatenated, flatAt, picked } from './fold-values.js';
import { axesOf, axisOf, gives, HEAVY, type Meaning, NAMED, type Sketch, type Tensor, volumeOf } from './meaning.js';

/** What operations do to shapes and to small constants, whichever framework asks. Null where the inputs do not fit. */

/** One value from the values at the same place of each input. */
export function elementwise(inputs: readonly Tensor[], op: Sketch, f?: (...values: number[]) => number): Meaning | null {
  const shape = broadcastShape(inputs.map((input) => input.shape));
  if (shape === null || inputs.length === 0) return null;
  const kind = inputs[inputs.length - 1].kind;
  const folds = f !== undefined && inputs.every((input) => input.constant) && foldable(kind, volumeOf(shape));
  const values = folds ? combined(inputs, shape, f) : null;
  return gives(shape, op, 'carried', { values, kind });
}

/** Leaves the shape, and the values, as they are. */
export function unchanged(x: Tensor, op: Sketch = NAMED, values: readonly number[] | null = null): Meaning {
  return gives(x.shape, op, 'carried', { values, kind: x.kind });
}

export function activation(x: Tensor, name: Activation): Meaning {
  return gives(x.shape, { type: 'activation', function: name }, 'carried');
}

/** `target` as ONNX's Reshape and TensorFlow's have it: -1 is what is left over, 0 (where `copies`) the extent that was there. */
export function reshape(x: Tensor, target: readonly number[], copies: boolean): Meaning | null {
  if (target.length > MOST_RANK) return null;
  const shape = target.map((extent, i) => (extent === 0 && copies ? (x.shape[i] ?? 1) : extent));
  const open = shape.indexOf(-1);
  if (open >= 0) shape[open] = volumeOf(x.shape) / volumeOf(shape.filter((_, i) => i !== open));
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0) || volumeOf(shape) !== volumeOf(x.shape)) return null;
  return gives(shape, { type: 'reshaped' }, 'free', { values: x.values, kind: x.kind });
}

export function unsqueeze(x: Tensor, axes: readonly number[]): Meaning | null {
  const places = axesOf(axes, x.shape.length + axes.length);
  if (places === null || new Set(places).size < places.length) return null;
  const rest = [...x.shape];
  const shape = Array.from({ length: rest.length + places.length }, (_, i) => (places.includes(i) ? 1 : (rest.shift() ?? 1)));
  return reshape(x, shape, false);
}

/** Without axes, all of extent 1 go. */
export function squeeze(x: Tensor, axes: readonly number[] | null): Meaning | null {
  const gone = axes === null ? x.shape.flatMap((extent, i) => (extent === 1 ? [i] : [])) : axesOf(axes, x.shape.length);
  if (gone === null) return null;
  return reshape(
    x,
    x.shape.filter((_, i) => !gone.includes(i)),
    false,
  );
}

export function transpose(x: Tensor, order: readonly number[] | null): Meaning | null {
  const axes = order ?? x.shape.map((_, i) => x.shape.length - 1 - i);
  if (axes.length !== x.shape.length || new Set(axes).size < axes.length || axesOf(axes, axes.length) === null) return null;
  const shape = axes.map((axis) => x.shape[axis]);
  const values = picked(x, shape, (at) => {
    const from = new Array<number>(axes.length);
    axes.forEach((axis, i) => {
      from[axis] = at[i];
    });
    return flatAt(x.shape, from);
  });
  return gives(shape, NAMED, 'free', { values, kind: x.kind });
}

export function concat(inputs: readonly Tensor[], axis: number): Meaning | null {
  if (inputs.length === 0) return null;
  const [first] = inputs;
  const along = axisOf(axis, first.shape.length);
  if (along === null || inputs.some(({ shape }) => shape.length !== first.shape.length)) return null;
  if (inputs.some(({ shape }) => shape.some((extent, i) => i !== along && extent !== first.shape[i]))) return null;
  const shape = first.shape.map((extent, i) =>
    i === along ? inputs.reduce((sum, input) => sum + input.shape[along], 0) : extent,
  );
  const values = concatenated(inputs, along, shape);
  return gives(shape, { type: 'concat-along', axis: along }, 'carried', { values, kind: first.kind });
}

/** Several tensors as one with an axis more. */
export function pack(inputs: readonly Tensor[], axis: number): Meaning | null {
  if (inputs.length === 0 || inputs.some(({ shape }) => shape.join() !== inputs[0].shape.join())) return null;
  const along = axisOf(axis, inputs[0].shape.length + 1);
  if (along === null) return null;
  const widened = (shape: readonly number[]): number[] => [...shape.slice(0, along), 1, ...shape.slice(along)];
  const parts = inputs.map((input): Tensor => ({ ...input, shape: widened(input.shape) }));
  const joined = concat(parts, along);
  return joined === null ? null : { ...joined, ops: [NAMED], layout: 'free' };
}

/** Equal parts where `sizes` is a count. Only the first `wanted` parts are looked at: those that anything reads. */
export function split(x: Tensor, axis: number, sizes: readonly number[] | number, wanted: number): Meaning | null {
  const along = axisOf(axis, x.shape.length);
  if (along === null) return null;
  const extent = x.shape[along];
  if (typeof sizes === 'number' && !(sizes >= 1 && sizes <= MOST_VALUES)) return null;
  const parts =
    typeof sizes === 'number'
      ? Array.from({ length: sizes }, (_, i) => {
          const part = Math.ceil(extent / sizes);
          return Math.max(0, Math.min(part, extent - i * part));
        })
      : [...sizes];
  const open = parts.indexOf(-1);
  if (open >= 0) parts[open] = extent - parts.reduce((sum, part) => sum + (part < 0 ? 0 : part), 0);
  if (parts.some((part) => part < 0) || parts.reduce((sum, part) => sum + part, 0) !== extent) return null;
  let start = 0;
  const outputs = parts.slice(0, Math.max(wanted, 1)).map((part) => {
    const from = start;
    start += part;
    const shape = x.shape.map((whole, i) => (i === along ? part : whole));
    const values = picked(x, shape, (at) =>
      flatAt(
        x.shape,
        at.map((place, i) => (i === along ? place + from : place)),
      ),
    );
    return { shape, values, kind: x.kind };
  });
  return { outputs, ops: [NAMED], layout: 'carried' };
}

export interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Parts of axes, as Python cuts them. */
export function slice(x: Tensor, cuts: readonly Cut[]): Meaning | null {
  const from = x.shape.map(() => 0);
  const by = x.shape.map(() => 1);
  const shape = [...x.shape];
  for (const cut of cuts) {
    const axis = axisOf(cut.axis, x.shape.length);
    if (axis === null || cut.step === 0 || !Number.isInteger(cut.step)) return null;
    const extent = x.shape[axis];
    const clamp = (place: number, low: number, high: number): number =>
      Math.min(Math.max(place < 0 ? place + extent : place, low), high);
    const [start, end] =
      cut.step > 0
        ? [clamp(cut.start, 0, extent), clamp(cut.end, 0, extent)]
        : [clamp(cut.start, 0, extent - 1), cut.end < -extent ? -1 : clamp(cut.end, -1, extent - 1)];
    from[axis] = start;
    by[axis] = cut.step;
    shape[axis] = Math.max(0, Math.ceil((end - start) / cut.step));
  }
  if (!shape.every(Number.isInteger)) return null;
  const values = picked(x, shape, (at) =>
    flatAt(
      x.shape,
      at.map((place, i) => from[i] + place * by[i]),
    ),
  );
  return gives(shape, NAMED, 'carried', { values, kind: x.kind });
}

/** Entries of an axis by number. */
export function gather(x: Tensor, indices: Tensor, axis: number): Meaning | null {
  const along = axisOf(axis, x.shape.length);
  if (along === null) return null;
  const rank = indices.shape.length;
  const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
  const { values: numbers } = indices;
  const values =
    numbers === null
      ? null
      : picked(x, shape, (at) => {
          const index = numbers[flatAt(indices.shape, at.slice(along, along + rank))];
          const entry = index < 0 ? index + x.shape[along] : index;
          return flatAt(x.shape, [...at.slice(0, along), entry, ...at.slice(along + rank)]);
        });
  return gives(shape, NAMED, 'free', { values, kind: x.kind });
}

/** `axes` null for all. Over height and width alone it is the mean of the published graphs, where it is a mean. */
export function reduce(
  x: Tensor,
  axes: readonly number[] | null,
  keepDims: boolean,
  how: { readonly mean: boolean; readonly channelsFirst: boolean; readonly f?: (values: readonly number[]) => number },
): Meaning | null {
  const rank = x.shape.length;
  const gone = axes === null ? x.shape.map((_, i) => i) : axesOf(axes, rank);
  if (gone === null) return null;
  const shape = x.shape.flatMap((extent, i) => (gone.includes(i) ? (keepDims ? [1] : []) : [extent]));
  const image = how.channelsFirst ? '2,3' : '1,2';
  if (how.mean && rank === 4 && [...gone].sort().join() === image) return gives(shape, { type: 'mean', keepDims }, 'spatial');
  const whole = how.f !== undefined && gone.length === rank && x.values !== null ? [how.f(x.values)] : null;
  return gives(shape, NAMED, 'free', { values: whole, kind: x.kind });
}

/** A product of matrices along the last two axes; with learned weights on the right where `right` is constant. */
export function matrixProduct(left: Tensor, right: Tensor, bias: boolean): Meaning | null {
  const [a, b] = [left.shape, right.shape];
  if (a.length === 0 || b.length === 0) return null;
  const wide = a.length === 1 ? [1, ...a] : a;
  const tall = b.length === 1 ? [...b, 1] : b;
  if (wide[wide.length - 1] !== tall[tall.length - 2]) return null;
  const lead = broadcastShape([wide.slice(0, -2), tall.slice(0, -2)]);
  if (lead === null) return null;
  const rows = a.length === 1 ? [] : [wide[wide.length - 2]];
  const columns = b.length === 1 ? [] : [tall[tall.length - 1]];
  const learned = !left.constant && right.constant && b.length === 2;
  const op: Sketch = learned
    ? { type: 'dense', units: b[1], bias }
    : left.constant || right.constant
      ? HEAVY
      : { type: 'matmul' };
  return gives([...lead, ...rows, ...columns], op, 'plain');
}

/** More rows, columns or whatever `before` and `after` say for each axis. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[], channelsFirst: boolean): Meaning | null {
  const rank = x.shape.length;
  if (before.length !== rank || after.length !== rank) return null;
  const shape = x.shape.map((extent, i) => extent + before[i] + after[i]);
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0)) return null;
  const [h, w] = channelsFirst ? [2, 3] : [1, 2];
  const outside = before.every((margin, i) => i === h || i === w || (margin === 0 && after[i] === 0));
  const margins = [before[h], after[h], before[w], after[w]] as const;
  if (rank !== 4 || !outside || margins.some((margin) => margin < 0)) return gives(shape, NAMED, 'carried');
  return gives(shape, { type: 'pad', margins }, 'spatial');
}

/** A tensor's extents as a constant. */
export function shapeOf(x: Tensor, from = 0, to: number = x.shape.length): Meaning {
  const extents = x.shape.slice(from, to);
  return gives([extents.length], NAMED, 'free', { values: extents, kind: 'integer', constant: true });
}

/** All the same value. */
export function filled(shape: readonly number[], value: number, kind: Constant['kind']): Meaning | null {
  if (shape.length > MOST_RANK || !shape.every((extent) => Number.isInteger(extent) && extent >= 0)) return null;
  const size = volumeOf(shape);
  const values = foldable(kind, size) ? new Array<number>(size).fill(value) : null;
  return gives(shape, NAMED, 'free', { values, kind, constant: true });
}

export function range(start: number, end: number, step: number): Meaning | null {
  const count = Math.max(0, Math.ceil((end - start) / step));
  if (!Number.isFinite(count)) return null;
  const values = count <= MOST_VALUES ? Array.from({ length: count }, (_, i) => start + i * step) : null;
  return gives([count], NAMED, 'free', { values, kind: 'integer' });
}
