import type { Column } from '../base/table.js';

/** How much each column drives a model's predictions, in the target's unit (what exactly: `method`). */
export interface Importance {
  readonly kind: 'importance';
  /** In words, for an axis: "mean |SHAP value|", "rise of squared error when shuffled". */
  readonly method: string;
  readonly unit: string;
  readonly columns: readonly Column[];
  /** One number a column. */
  readonly mean: Float64Array;
  /** Its standard deviation over repeats, where there were some. */
  readonly sd?: Float64Array;
}

/** Anything that can say what drove a prediction: turned into an `Importance` for figures. */
export interface Explained {
  importance(): Importance;
}
