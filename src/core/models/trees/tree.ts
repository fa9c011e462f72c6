/**
 * One regression tree as flat columns, node 0 its root. Plain data: it crosses worker borders and JSON.
 * The children of node `i` are `left[i]` and `left[i] + 1`; a row goes left when its value is ≤ the threshold.
 */
export interface Tree {
  /** The column that is asked; −1 in a leaf. */
  readonly feature: Int32Array;
  /** The threshold; in a leaf, the prediction. */
  readonly value: Float64Array;
  /** The left child; 0 in a leaf. */
  readonly left: Int32Array;
  /** Training rows that came through, counted with their bootstrap weights. */
  readonly cover: Float64Array;
}
