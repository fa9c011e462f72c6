import { type Constant, MOST_VALUES } from './constant.js';
import { volumeOf } from './meaning.js';

/**
 * Arithmetic on small constants, as shapes are computed with inside of networks. Each gives null where a value is not
 * known or there are too many.
 */
type Values = readonly number[] | null;
type Held = Pick<Constant, 'shape' | 'values'>;

/** The shape that tensors of these shapes have together, extents of 1 stretched; null where they do not fit. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] | null {
  const rank = shapes.reduce((most, shape) => Math.max(most, shape.length), 0);
  const out = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    for (let i = 0; i < shape.length; i++) {
      const at = rank - shape.length + i;
      if (shape[i] === 1 || shape[i] === out[at]) continue;
      if (out[at] !== 1) return null;
      out[at] = shape[i];
    }
  }
  return out;
}

/** Values picked from one tensor: `pick` tells where each one of `shape` comes from. */
export function picked(from: Held, shape: readonly number[], pick: (at: readonly number[]) => number): Values {
  const { values } = from;
  if (values === null || volumeOf(shape) > MOST_VALUES) return null;
  const out = Array.from(places(shape), (at) => values[pick(at)]);
  return out.every((value) => value !== undefined) ? out : null;
}

/** The places of a tensor in row-major order, as one array that changes. */
export function* places(shape: readonly number[]): Generator<readonly number[]> {
  const size = volumeOf(shape);
  const at = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < size; i++) {
    yield at;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++at[axis] < shape[axis]) break;
      at[axis] = 0;
    }
  }
}

/** Where the value at a place of the stretched tensor stands in the tensor itself. */
export function flatAt(shape: readonly number[], at: readonly number[]): number {
  let index = 0;
  const lead = at.length - shape.length;
  for (let i = 0; i < shape.length; i++) index = index * shape[i] + (shape[i] === 1 ? 0 : at[lead + i]);
  return index;
}

/** Sums of shapes have a few terms. */
const MOST_TERMS = 64;

/** A function of tensors, value by value. */
export function combined(inputs: readonly Held[], shape: readonly number[], f: (...values: number[]) => number): Values {
  if (volumeOf(shape) > MOST_VALUES || inputs.length > MOST_TERMS || inputs.some(({ values }) => values === null)) return null;
  const out = Array.from(places(shape), (at) => f(...inputs.map((input) => input.values?.[flatAt(input.shape, at)] ?? 0)));
  return out.every(Number.isFinite) ? out : null;
}

export function concatenated(inputs: readonly Held[], axis: number, shape: readonly number[]): Values {
  if (volumeOf(shape) > MOST_VALUES || inputs.some(({ values }) => values === null)) return null;
  return Array.from(places(shape), (at) => {
    let along = at[axis];
    for (const { shape: own, values } of inputs) {
      if (along < own[axis]) {
        return values?.[
          flatAt(
            own,
            at.map((place, i) => (i === axis ? along : place)),
          )
        ] as number;
      }
      along -= own[axis];
    }
    return 0;
  });
}
