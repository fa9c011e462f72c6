import { DataError } from '../../core/base/errors.js';
import { InertRecord, type PickleValue } from './pickle-value.js';

/** What a pickle may ask for before it is refused: a few bytes of a hostile one can mean any amount of work. */
export interface PickleLimits {
  /** Objects that are made, and operations that are obeyed. */
  readonly items: number;
  /** Bytes that are made or copied, containers counted with what they take: an estimate, never given back. */
  readonly bytes: number;
  /** Remembered objects. */
  readonly memo: number;
  /** How deep values may lie in one another. */
  readonly depth: number;
}

/** Room for every published pickle of tables that this project knows; a process stays under 512 MB with them. */
export const PICKLE_LIMITS: PickleLimits = { items: 10e6, bytes: 256 * 1024 * 1024, memo: 5e6, depth: 1000 };

/** Keeps account of what a pickle asks for. */
export class PickleBudget {
  #items = 0;
  #bytes = 0;

  constructor(
    readonly path: string,
    readonly limits: PickleLimits,
  ) {}

  /** One operation, and the bytes that it makes. @throws DataError past the limits. */
  spend(bytes: number): void {
    this.#items++;
    this.#bytes += bytes;
    if (this.#items > this.limits.items) throw this.over('items');
    if (this.#bytes > this.limits.bytes) throw this.over('bytes');
  }

  over(limit: keyof PickleLimits): DataError {
    return new DataError({
      path: this.path,
      expected: `a pickle within the limit of ${this.limits[limit]} ${limit}`,
      got: 'more',
      fix: `If the file is to be trusted, read it with a larger limit: { limits: { ${limit}: … } }.`,
    });
  }

  /** @throws DataError where values lie deeper in one another than the limit: whoever walks them would run out of stack. */
  checkDepth(root: PickleValue): void {
    const heights = new Map<object, number>();
    const path: { readonly value: object; readonly children: Iterator<PickleValue>; height: number }[] = [];
    const enter = (value: PickleValue): number => {
      if (typeof value !== 'object' || value === null) return 0;
      const known = heights.get(value);
      if (known !== undefined) return known;
      const children = childrenOf(value);
      if (children === null) return 0;
      // Zero while it is being walked: a value that holds itself ends there.
      heights.set(value, 0);
      path.push({ value, children, height: 1 });
      if (path.length > this.limits.depth) throw this.over('depth');
      return 0;
    };
    enter(root);
    while (path.length > 0) {
      const top = path[path.length - 1];
      const next = top.children.next();
      if (!next.done) {
        top.height = Math.max(top.height, 1 + enter(next.value));
        continue;
      }
      path.pop();
      heights.set(top.value, top.height);
      if (path.length > 0) path[path.length - 1].height = Math.max(path[path.length - 1].height, 1 + top.height);
      if (path.length + top.height > this.limits.depth) throw this.over('depth');
    }
  }
}

function childrenOf(value: object): Iterator<PickleValue> | null {
  if (Array.isArray(value)) return value.values();
  if (value instanceof Map) return flatten(value);
  if (value instanceof Set) return value.values();
  if (value instanceof InertRecord) return recordParts(value);
  if ('values' in value && Array.isArray(value.values)) return (value.values as PickleValue[]).values();
  return null;
}

function* flatten(map: Map<PickleValue, PickleValue>): Generator<PickleValue> {
  for (const [key, value] of map) {
    yield key;
    yield value;
  }
}

function* recordParts(record: InertRecord): Generator<PickleValue> {
  yield* record.args;
  yield record.state;
  yield* record.items;
  yield* flatten(record.entries);
}
