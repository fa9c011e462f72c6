import type { Numbers } from './pickle-numbers.js';
import type { TorchStorage, TorchTensor } from './torch-tensor.js';

/**
 * What a pickle holds, as plain values: None is null; int is a number, or a bigint where a number would round it; list
 * and tuple are arrays; dict (and OrderedDict, defaultdict, Counter) is a Map in its order; set and frozenset are Sets;
 * bytes and bytearray are Uint8Arrays. Whatever stands in a pickle twice is one object here too, so values may hold
 * themselves, and a walk over all paths can be long where a walk over all objects is short.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Set<PickleValue>
  | NumpyArray
  | TorchTensor
  | TorchStorage
  | PickleGlobal
  | InertRecord;

/** A class or function that a pickle names: its name, nothing more. */
export class PickleGlobal {
  readonly kind = 'global';
  constructor(
    /** `module.name`. */
    readonly name: string,
  ) {}
}

/**
 * Where a pickle would have Python call something that this reader does not know: what would have been called and with
 * what, as data. Nothing is ever called.
 */
export class InertRecord {
  readonly kind = 'inert';
  /** What it was told to become after it was made (`__setstate__`'s argument); null where nothing was. */
  state: PickleValue = null;
  /** Appended to it, where it is a kind of list. */
  readonly items: PickleValue[] = [];
  /** Set in it, where it is a kind of dict. */
  readonly entries: Map<PickleValue, PickleValue> = new Map();
  /** `module.name`. */
  readonly class: string;

  constructor(
    name: string,
    readonly args: PickleValue[],
  ) {
    this.class = name;
  }
}

/** A numpy array, its values in C order (last index fastest) whatever order it was kept in. */
export class NumpyArray {
  readonly kind = 'ndarray';
  shape: readonly number[] = [0];
  /** As numpy writes it: `<f8`, `>i4`, `|b1`, `|O`, `<U7`. */
  dtype = '';
  /** Numbers; texts where the type is text; any values where it is `object`; the raw bytes of records and of unread types. */
  values: Numbers | PickleValue[] = [];
}

/** The value under a text key of a dict, or of the dict that an inert record has as its state; undefined where absent. */
export function pickleField(value: PickleValue, key: string): PickleValue | undefined {
  const dict = value instanceof InertRecord ? value.state : value;
  return dict instanceof Map ? dict.get(key) : undefined;
}
