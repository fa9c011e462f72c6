import { ShapeError } from '../../core/base/errors.js';
import type { NamedShape } from './imported-model.js';

/** Extents by an input's name, in the file's layout with the batch. */
export type InputShapes = Readonly<Record<string, readonly number[]>>;

/** Past this no extent of a network goes: what says so is a mistake. */
export const MOST_EXTENT: number = 2 ** 31;

/**
 * That extents are given to inputs that the network has, and agree with what it states of them, its batch apart.
 * @throws ShapeError naming the network's inputs.
 */
export function checkInputShapes(wanted: InputShapes, inputs: readonly NamedShape[], network: string): void {
  for (const [name, extents] of Object.entries(wanted)) {
    const problem = (expected: string, got: string): ShapeError =>
      new ShapeError({ argument: `importModel: inputShapes of ${network}`, expected, got });
    const input = inputs.find((one) => one.name === name);
    if (input === undefined) throw problem(inputs.length === 0 ? 'none, as it has no open inputs' : known(inputs), name);
    const given = `${name} [${extents.join(', ')}]`;
    if (!fits(extents, input.shape)) throw problem(worded(input), given);
    if (!extents.every((extent) => Number.isInteger(extent) && extent >= 1 && extent <= MOST_EXTENT)) {
      throw problem(`whole numbers of at least 1 for ${worded(input)}`, given);
    }
  }
}

function fits(extents: readonly number[], stated: NamedShape['shape']): boolean {
  if (stated === null) return true;
  const agrees = (extent: number | null, axis: number): boolean =>
    axis === 0 || extent === null || extent < 1 || extent === extents[axis];
  return stated.length === extents.length && stated.every(agrees);
}

/** A file may name a million. */
const MOST_NAMED = 10;

function known(inputs: readonly NamedShape[]): string {
  const more = inputs.length > MOST_NAMED ? `, … (${inputs.length} in all)` : '';
  return `${inputs.length === 1 ? 'its input' : 'one of its inputs'} ${inputs.slice(0, MOST_NAMED).map(worded).join(', ')}${more}`;
}

function worded({ name, shape }: NamedShape): string {
  return shape === null ? name : `${name} [${shape.map((extent) => extent ?? '?').join(', ')}]`;
}
