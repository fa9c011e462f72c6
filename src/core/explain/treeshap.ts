import { ShapeError, UnsupportedError } from '../base/errors.js';
import { nextTurn, type WorkOptions } from '../base/progress.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns } from '../models/check.js';
import { isTreeEnsemble, type TreeEnsemble } from '../models/trees/ensemble.js';
import type { Importance } from './importance.js';
import { addShares, type Part, type PartShares, partsOf, sharesOfTrees } from './tree-games.js';

/** Shapley values of single predictions: for every row, prediction = `base` + the sum of its values. */
export interface ShapValues {
  readonly kind: 'shap-values';
  /** What the model expects before it sees a row, in the target's unit. */
  readonly base: number;
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** Row-major, rows × columns, in the target's unit. */
  readonly values: Float64Array;
  /** Mean |SHAP value| over the rows. @throws ShapeError when there is no row. */
  importance(): Importance;
}

/**
 * Exact path-dependent TreeSHAP of every row: how far each column moved the prediction from its expectation, where a
 * column that is not known is averaged over with the training rows' shares.
 * @param model any sum of trees, such as `randomForest`'s and `gradientBoosting`'s.
 * @param x `n` rows of the model's columns. Many rows at once cost less than each alone, because many answer alike.
 * The work does not yield: the signal is looked at before the start and after every eight trees, and can only be aborted
 * meanwhile from within `onProgress`. Where work takes seconds (a hundred rows of a forest on a thousand), take
 * `treeShapInTurns`, or `treeShapOnPool` for all cores: the numbers are the same, bit for bit.
 * @throws UnsupportedError when the model has no trees, ShapeError when the columns are not the model's, and the signal's reason.
 * @see Lundberg, Erion and Lee 2018 (arXiv 1802.03888), here as Owen's integral over classes of rows that answer alike;
 * equal to `shap.TreeExplainer`. Takes O(leaves × (rows × columns on the path + classes × (columns on the path)²)).
 */
export function treeShap(model: object, x: FeatureTable, options: WorkOptions = {}): ShapValues {
  options.signal?.throwIfAborted();
  const steps = shapSteps(explicable('treeShap', model, x), x, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Milliseconds of work before others are let through. */
const TURN_MS = 50;

/** `treeShap` that lets others through, and then looks at the signal, some twenty times a second. */
export async function treeShapInTurns(model: object, x: FeatureTable, options: WorkOptions = {}): Promise<ShapValues> {
  options.signal?.throwIfAborted();
  const steps = shapSteps(explicable('treeShapInTurns', model, x), x, options);
  let turn = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - turn < TURN_MS) continue;
    await nextTurn();
    options.signal?.throwIfAborted();
    turn = performance.now();
  }
}

/** The whole work, part by part, in steps of some ten milliseconds. */
function* shapSteps(model: TreeEnsemble, x: FeatureTable, options: WorkOptions): Generator<void, ShapValues> {
  const sum = new ShapSum(model, x.rowCount, options);
  for (const part of sum.parts) {
    const trees = model.trees.slice(part.fromTree, part.toTree);
    sum.add(part, yield* sharesOfTrees({ ...model, trees }, x.values, part.fromRow, part.toRow));
  }
  return sum.done();
}

/** SHAP values while their parts come in, in order: reports, and looks at the signal between two parts. */
export class ShapSum {
  readonly parts: readonly Part[];
  private readonly values: Float64Array;
  private base: number;
  private come = 0;

  constructor(
    private readonly model: TreeEnsemble,
    private readonly rowCount: number,
    private readonly options: WorkOptions,
  ) {
    this.parts = partsOf(model.trees.length, rowCount);
    this.values = new Float64Array(rowCount * model.columns.length);
    this.base = model.offset;
  }

  /** @throws the signal's reason. */
  add(part: Part, { expected, shares }: PartShares): void {
    const { model, values, parts, rowCount, options } = this;
    if (part.fromRow === 0) this.base += expected;
    addShares(shares, part, model.columns.length, values);
    this.come++;
    options.onProgress?.({ done: Math.floor((rowCount * this.come) / parts.length), total: rowCount, label: 'row' });
    if (this.come < parts.length) options.signal?.throwIfAborted();
  }

  done(): ShapValues {
    return shapValues(this.model, this.base, this.values);
  }
}

/** @param values row-major, rows × columns. */
export function shapValues({ columns }: TreeEnsemble, base: number, values: Float64Array): ShapValues {
  return shapOf(columns, base, values);
}

/** Shapley values of columns that need not be a model's own. @param values row-major, rows × columns. */
export function shapOf(columns: readonly Column[], base: number, values: Float64Array): ShapValues {
  const rowCount = values.length / columns.length;
  return { kind: 'shap-values', base, columns, rowCount, values, importance: () => meanAbsolute(columns, values) };
}

/** @throws UnsupportedError when the model has no trees, ShapeError when the columns are not the model's. */
export function explicable(where: string, model: object, x: FeatureTable): TreeEnsemble {
  if (!isTreeEnsemble(model)) throw new UnsupportedError(`${where} of a model without trees`, 'Use permutationImportance.');
  checkColumns(where, x, model.columns);
  return model;
}

function meanAbsolute(columns: readonly Column[], values: Float64Array): Importance {
  const mean = new Float64Array(columns.length);
  const rowCount = values.length / columns.length;
  if (rowCount === 0) {
    throw new ShapeError({ argument: 'ShapValues.importance', expected: 'values of at least one row', got: 'none' });
  }
  for (let i = 0; i < values.length; i++) mean[i % columns.length] += Math.abs(values[i]);
  for (let c = 0; c < columns.length; c++) mean[c] /= rowCount;
  return { kind: 'importance', method: 'mean |SHAP value|', unit: '', columns, mean };
}
