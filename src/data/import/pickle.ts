import { PickleCursor } from './pickle-cursor.js';
import { PICKLE_LIMITS, PickleBudget, type PickleLimits } from './pickle-limits.js';
import { type PersistentLoad, PickleMachine } from './pickle-machine.js';
import { InertRecord, type PickleValue } from './pickle-value.js';

export interface PickleOptions {
  /** What errors call the file: `a pickle` unless said. */
  readonly path?: string;
  readonly limits?: Partial<PickleLimits>;
  /** What a persistent id stands for; an inert record of class `persistent id` unless said. */
  readonly persistent?: PersistentLoad;
  /** Byte at which the pickle begins: 0 unless said. */
  readonly at?: number;
}

/**
 * The value that a Python pickle of protocol 0 to 5 holds. Nothing in it is ever executed or looked up: containers, numpy
 * arrays and torch tensors become values, any other class or call an `InertRecord` that says what would have been called.
 * @throws DataError when it is damaged, cut short or past a limit; UnsupportedError for a later protocol or for buffers
 *   kept outside of the pickle. Takes time and memory in proportion to the bytes.
 * @see Python's `pickletools` for the operations.
 */
export function readPickle(bytes: Uint8Array, options: PickleOptions = {}): PickleValue {
  return readPickleUntil(bytes, options).value;
}

/** As `readPickle`, for files that go on after it: `end` is the byte after the pickle. */
export function readPickleUntil(
  bytes: Uint8Array,
  options: PickleOptions = {},
): { readonly value: PickleValue; readonly end: number } {
  const { path = 'a pickle', at = 0, limits = {}, persistent = (id) => new InertRecord('persistent id', [id]) } = options;
  const cursor = new PickleCursor(bytes, path, at);
  const budget = new PickleBudget(path, { ...PICKLE_LIMITS, ...limits });
  const value = new PickleMachine(cursor, budget, persistent).run();
  budget.checkDepth(value);
  return { value, end: cursor.at };
}
