import { DataError } from '../../base/errors.js';
import type { Tree } from './tree.js';

/** A tree as plain lists. */
export interface TreeFile {
  readonly feature: readonly number[];
  readonly value: readonly number[];
  readonly left: readonly number[];
  readonly cover: readonly number[];
}

export function treeToJSON(tree: Tree): TreeFile {
  return {
    feature: Array.from(tree.feature),
    value: Array.from(tree.value),
    left: Array.from(tree.left),
    cover: Array.from(tree.cover),
  };
}

/** @throws DataError unless the lists are of one length and make a tree over `columnCount` columns. */
export function treeFromJSON(file: unknown, columnCount: number): Tree {
  const { feature, value, left, cover } = (file ?? {}) as Partial<TreeFile>;
  const size = numbers('feature', feature).length;
  for (const [name, list] of Object.entries({ value, left, cover })) {
    if (numbers(name, list).length !== size) throw damaged(`${size} numbers in ${name}`, `${list?.length}`);
  }
  const tree: Tree = {
    feature: Int32Array.from(feature as number[]),
    value: Float64Array.from(value as number[]),
    left: Int32Array.from(left as number[]),
    cover: Float64Array.from(cover as number[]),
  };
  if (size === 0) throw damaged('at least one node', 'none');
  for (let i = 0; i < size; i++) {
    if (tree.feature[i] >= columnCount) throw damaged(`a column below ${columnCount} at node ${i}`, `${tree.feature[i]}`);
    // Children stand behind their parent, so that every walk ends.
    if (tree.feature[i] >= 0 && !(tree.left[i] > i && tree.left[i] + 1 < size)) {
      throw damaged(`children behind node ${i} and before ${size}`, `${tree.left[i]}`);
    }
  }
  return tree;
}

function numbers(name: string, list: unknown): readonly number[] {
  if (!Array.isArray(list) || !list.every((value) => Number.isFinite(value))) {
    throw damaged(`a list of finite numbers in ${name}`, list === undefined ? 'nothing' : 'something else');
  }
  return list;
}

function damaged(expected: string, got: string): DataError {
  return new DataError({ path: 'tree in a saved model', expected, got, fix: 'Save the model again with toJSON().' });
}
