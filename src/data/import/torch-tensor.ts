import { DataError } from '../../core/base/errors.js';
import { NUMBER_BYTES, type Numbers, type NumberType, readNumbers } from './pickle-numbers.js';

/** The memory that tensors look at; several may share one. */
export class TorchStorage {
  readonly kind = 'storage';
  /** Null until the file has been read as far as its bytes. */
  bytes: Uint8Array | null = null;
  bigEndian = false;
  constructor(
    readonly dtype: NumberType,
    readonly key: string,
    /** In elements. */
    readonly size: number,
  ) {}
}

/** A view of a storage. */
export class TorchTensor {
  readonly kind = 'tensor';
  constructor(
    readonly storage: TorchStorage,
    readonly dtype: NumberType,
    readonly shape: readonly number[],
    /** In elements, as is `offset`. */
    readonly strides: readonly number[],
    readonly offset: number,
  ) {}

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, n) => product * n, 1);
  }

  /**
   * Its elements in C order (last index fastest), copied anew at each call.
   * @throws DataError when the storage is too small or was not in the file, or there are more than 2^28 elements (a stride
   *   of zero makes any number out of one).
   */
  numbers(): Numbers {
    const { storage, shape, strides, offset, size, dtype } = this;
    const elementBytes = NUMBER_BYTES[dtype];
    const wrong = (expected: string, got: string): DataError =>
      new DataError({ path: `tensor of storage ${storage.key}`, expected, got, fix: 'The file is damaged or cut short.' });
    if (storage.bytes === null) throw wrong('its numbers in the file', 'none');
    if (size > 2 ** 28) throw wrong(`at most ${2 ** 28} elements`, `${size}`);
    const last = size === 0 ? offset - 1 : shape.reduce((at, n, axis) => at + (n - 1) * strides[axis], offset);
    if ((last + 1) * elementBytes > storage.bytes.length) {
      throw wrong(`${(last + 1) * elementBytes} bytes`, `${storage.bytes.length}`);
    }
    const out = new Uint8Array(size * elementBytes);
    const index = new Array<number>(shape.length).fill(0);
    let at = offset;
    for (let i = 0; i < size; i++) {
      const from = at * elementBytes;
      for (let b = 0; b < elementBytes; b++) out[i * elementBytes + b] = storage.bytes[from + b];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < shape[axis]) break;
        at -= strides[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return readNumbers(out, dtype, storage.bigEndian);
  }
}
