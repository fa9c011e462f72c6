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
