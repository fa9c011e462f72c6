import { DataError, ShapeError } from '../base/errors.js';
import { rngFromPath } from '../base/rng.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import { BoostedGrowth, type BoostingSettings } from './trees/boosted-growth.js';
import { boostingRows } from './trees/boosting-rows.js';
import type { TreeEnsemble } from './trees/ensemble.js';
import { growInTurns } from './trees/grower.js';
import { sumOfTrees, type Traversal, traversal } from './trees/traversal.js';
import type { Tree } from './trees/tree.js';
import { treeFromJSON, treeToJSON } from './trees/tree-json.js';

/** Names, meanings and defaults are those of xgboost 1.7's `XGBRegressor`. */
export interface BoostingOptions {
  /** Trees, one after the other (`n_estimators`). */
  readonly rounds?: number;
  /** What share of its correction a tree makes (`learning_rate`). */
  readonly eta?: number;
  /** Edges from the root. */
  readonly maxDepth?: number;
  /** How much a leaf's value is drawn to zero: as if so many of its rows needed no correction. */
  readonly lambda?: number;
  /** Rows that a leaf must hold. */
  readonly minChildWeight?: number;
  /** Share of the rows that a tree is grown on, drawn anew for each. */
  readonly subsample?: number;
  /** Share of the columns that a tree may ask, drawn anew for each (`colsample_bytree`). */
  readonly colsample?: number;
  /** What is predicted before the first tree, in the target's unit. */
  readonly baseScore?: number;
  /**
   * `exact` weighs every border between two values, with thresholds midway; `hist` at most 256 quantiles of a column,
   * with thresholds on them.
   */
  readonly method?: 'exact' | 'hist';
}

const DEFAULTS: Required<BoostingOptions> = {
  rounds: 100,
  eta: 0.3,
  maxDepth: 6,
  lambda: 1,
  minChildWeight: 1,
  subsample: 1,
  colsample: 1,
  baseScore: 0.5,
  method: 'exact',
};

/** "XGB+" of the GRAF paper's experiments (graf.md section 5). */
const TUNED: BoostingOptions = { rounds: 10_000, eta: 0.01, subsample: 0.9, method: 'hist' };

const BINS = 256;

export type BoostingId = 'gbdt' | 'gbdt-tuned';

/** Fitted boosting: the base score plus the sum of its trees. */
export interface FittedBoosting extends Fitted, TreeEnsemble {
  readonly id: BoostingId;
}

/**
 * Gradient boosting of regression trees on squared error. Without sampling, the trees of xgboost 1.7 node for node:
 * tables, gradients, gains and leaves are rounded to float32 where xgboost does. Two things differ: thresholds lie in the
 * last place of a float32, so that doubles go where xgboost sends them after rounding; and a constant target is given back
 * as it is, where xgboost only comes near.
 * @throws ShapeError on an option out of range, or (in `fit`) a missing number or one beyond float32.
 * @see Friedman 2001; Chen and Guestrin 2016. Takes O(rounds × rows × columns × depth).
 */
export function gradientBoosting(options: BoostingOptions = {}): Predictor<FeatureTable, FittedBoosting> {
  return boostingAs('gbdt', options);
}

/** `gradientBoosting` as the GRAF paper tuned it: 10,000 rounds of rate 0.01, each on 90 % of the rows. */
export function tunedBoosting(options: BoostingOptions = {}): Predictor<FeatureTable, FittedBoosting> {
  return boostingAs('gbdt-tuned', { ...TUNED, ...options });
}

function boostingAs(id: BoostingId, options: BoostingOptions): Predictor<FeatureTable, FittedBoosting> {
  const given = { ...DEFAULTS, ...options };
  checkOptions(given);
  const { rounds, method, baseScore, ...rest } = given;
  const settings: BoostingSettings = { ...rest, midway: method === 'exact' };
  return {
    id,
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedBoosting> {
      checkTraining('gradientBoosting.fit', x, y);
      signal?.throwIfAborted();
      const base = Math.fround(baseScore);
      const growth = new BoostedGrowth(boostingRows(x, y, method === 'hist' ? BINS : null), settings, base);
      if (y.every((value) => value === y[0])) {
        onProgress?.({ done: rounds, total: rounds, label: 'tree' });
        return boosting(id, x.columns, [leaf(y.length)], y[0]);
      }
      const source = rngFromPath(rng.path);
      const trees = await growInTurns(rounds, (t) => growth.grow(source.fork(t)), { signal, onProgress });
      return boosting(id, x.columns, trees, base);
    },
  };
}

export const BOOSTING_FORMAT = 'nascope/gradient-boosting';
export const BOOSTING_VERSION = 1;

/** The inverse of `toJSON`. @throws DataError when the file's parts do not fit together. */
export function boostingFromJSON(file: ModelFile): FittedBoosting {
  const { id, columns, trees, offset } = file;
  if ((id !== 'gbdt' && id !== 'gbdt-tuned') || !Array.isArray(columns) || !Array.isArray(trees) || !Number.isFinite(offset)) {
    throw new DataError({
      path: BOOSTING_FORMAT,
      expected: 'an id, lists of columns and of trees, and an offset',
      got: `${id}, ${typeof columns}, ${typeof trees} and ${offset}`,
      fix: 'Save the model again with toJSON().',
    });
  }
  return boosting(
    id,
    columns as readonly Column[],
    trees.map((tree) => treeFromJSON(tree, columns.length)),
    offset as number,
  );
}

function boosting(id: BoostingId, columns: readonly Column[], trees: readonly Tree[], offset: number): FittedBoosting {
  let prepared: Traversal | undefined;
  return {
    id,
    columns,
    trees,
    treeWeight: 1,
    offset,
    predict(x: FeatureTable): Float64Array {
      checkColumns('gradientBoosting.predict', x, columns);
      prepared ??= traversal(trees, columns.length);
      const sums = sumOfTrees(prepared, x);
      for (let r = 0; r < sums.length; r++) sums[r] += offset;
      return sums;
    },
    toJSON(): ModelFile {
      return { format: BOOSTING_FORMAT, version: BOOSTING_VERSION, id, columns, offset, trees: trees.map(treeToJSON) };
    },
  };
}

function leaf(rows: number): Tree {
  return { feature: Int32Array.of(-1), value: Float64Array.of(0), left: Int32Array.of(0), cover: Float64Array.of(rows) };
}

function checkOptions(options: Required<BoostingOptions>): void {
  const hold = (option: keyof BoostingOptions, expected: string, ok: boolean): void => {
    if (!ok) throw new ShapeError({ argument: `gradientBoosting: ${option}`, expected, got: `${options[option]}` });
  };
  const { rounds, eta, maxDepth, lambda, minChildWeight, subsample, colsample, baseScore, method } = options;
  hold('rounds', 'a whole number from 1', Number.isInteger(rounds) && rounds >= 1);
  hold('maxDepth', 'a whole number in 1..1000', Number.isInteger(maxDepth) && maxDepth >= 1 && maxDepth <= 1000);
  hold('eta', 'a number in (0, 1]', eta > 0 && eta <= 1);
  hold('lambda', 'a finite number from 0', lambda >= 0 && Number.isFinite(lambda));
  hold('minChildWeight', 'a finite number from 0', minChildWeight >= 0 && Number.isFinite(minChildWeight));
  hold('subsample', 'a share in (0, 1]', subsample > 0 && subsample <= 1);
  hold('colsample', 'a share in (0, 1]', colsample > 0 && colsample <= 1);
  hold('baseScore', 'a finite number', Number.isFinite(baseScore));
  hold('method', 'exact or hist', method === 'exact' || method === 'hist');
}
