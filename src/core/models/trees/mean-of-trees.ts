import { DataError } from '../../base/errors.js';
import type { Column, FeatureTable } from '../../base/table.js';
import { checkColumns } from '../check.js';
import type { Fitted, ModelFile } from '../predictor.js';
import type { TreeEnsemble } from './ensemble.js';
import { sumOfTrees, type Traversal, traversal } from './traversal.js';
import type { Tree } from './tree.js';
import { treeFromJSON, treeToJSON } from './tree-json.js';

/** What is the same for all models of one sort. */
export interface MeanOfTreesKind<Id extends string> {
  readonly id: Id;
  /** The factory's name, for messages. */
  readonly where: string;
  readonly format: string;
  readonly version: number;
}

/** A fitted model that predicts the mean of its trees. */
export interface MeanOfTrees<Id extends string> extends Fitted, TreeEnsemble {
  readonly id: Id;
}

export function meanOfTrees<Id extends string>(
  kind: MeanOfTreesKind<Id>,
  columns: readonly Column[],
  trees: readonly Tree[],
): MeanOfTrees<Id> {
  let prepared: Traversal | undefined;
  return {
    id: kind.id,
    columns,
    trees,
    treeWeight: 1 / trees.length,
    offset: 0,
    predict(x: FeatureTable): Float64Array {
      checkColumns(`${kind.where}.predict`, x, columns);
      prepared ??= traversal(trees, columns.length);
      const sums = sumOfTrees(prepared, x);
      for (let r = 0; r < sums.length; r++) sums[r] /= trees.length;
      return sums;
    },
    toJSON(): ModelFile {
      return { format: kind.format, version: kind.version, columns, trees: trees.map(treeToJSON) };
    },
  };
}

/** The inverse of `toJSON`. @throws DataError when the file's parts do not fit together. */
export function meanOfTreesFromJSON<Id extends string>(kind: MeanOfTreesKind<Id>, file: ModelFile): MeanOfTrees<Id> {
  const { columns, trees } = file;
  if (!Array.isArray(columns) || !Array.isArray(trees) || trees.length === 0) {
    throw new DataError({
      path: kind.format,
      expected: 'lists of columns and of trees',
      got: `${typeof columns} and ${typeof trees}`,
      fix: 'Save the model again with toJSON().',
    });
  }
  return meanOfTrees(
    kind,
    columns as readonly Column[],
    trees.map((tree) => treeFromJSON(tree, columns.length)),
  );
}
