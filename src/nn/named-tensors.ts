import { DataError } from '../core/base/errors.js';

/** Numbers by rows, as weight files have them. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}
export type NamedTensors = Readonly<Record<string, NamedTensor>>;

/**
 * The tensors of the names and shapes that a network needs; others in the file are left alone.
 * @throws DataError naming the first that is missing, of another shape, or not finite.
 */
export function checkedTensors(
  where: string,
  needed: Readonly<Record<string, readonly number[]>>,
  file: NamedTensors,
): NamedTensors {
  const found = Object.entries(needed).map(([name, shape]) => {
    const tensor = Object.hasOwn(file, name) ? file[name] : undefined;
    const problem = (got: string): DataError =>
      new DataError({
        path: `${where}: ${name}`,
        expected: `a tensor of ${shape.join(' x ')} finite numbers`,
        got,
        fix: 'Give the weights of this network.',
      });
    if (tensor === undefined || tensor === null) throw problem('none');
    // Files are read as they come.
    if (!Array.isArray(tensor.shape) || !(tensor.data?.length >= 0)) throw problem('no shape, or no numbers');
    const size = shape.reduce((product, side) => product * side, 1);
    const fits = tensor.shape.length === shape.length && shape.every((side, axis) => tensor.shape[axis] === side);
    if (!fits || tensor.data.length !== size) throw problem(`${tensor.shape.join(' x ')} (${tensor.data.length} numbers)`);
    for (let i = 0; i < size; i++) if (!Number.isFinite(tensor.data[i])) throw problem(`${tensor.data[i]} at ${i}`);
    return [name, tensor] as const;
  });
  return Object.fromEntries(found);
}
