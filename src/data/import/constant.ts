/** A tensor whose numbers do not depend on the network's inputs. */
export interface Constant {
  /** With the batch, where it has one: as in the file. */
  readonly shape: readonly number[];
  readonly kind: 'float' | 'integer' | 'other';
  /** In row-major order; null where there are too many to work with, or the file leaves them out. */
  readonly values: readonly number[] | null;
}

/** Tensors with more numbers than this take no part in the arithmetic of shapes. */
export const MOST_VALUES = 4096;
/** Nor do longer lists of fractions: scales and bounds are a few, the others are weights. */
export const SHORT = 64;
/** More axes than this no tensor has. */
export const MOST_RANK = 64;

/** Whether so many numbers of a kind are worth keeping. */
export function foldable(kind: Constant['kind'], size: number): boolean {
  return size <= (kind === 'integer' ? MOST_VALUES : SHORT);
}
