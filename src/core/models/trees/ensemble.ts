import type { Column } from '../../base/table.js';
import type { Tree } from './tree.js';

/** A model that is a sum of trees: prediction = offset + treeWeight × Σ tree. What tree explanations need to know. */
export interface TreeEnsemble {
  readonly columns: readonly Column[];
  readonly trees: readonly Tree[];
  readonly treeWeight: number;
  readonly offset: number;
}

/** Whether a fitted model is a sum of trees. */
export function isTreeEnsemble(model: object): model is TreeEnsemble {
  return 'trees' in model && 'columns' in model && 'treeWeight' in model && 'offset' in model;
}
