import { dot } from '../base/cholesky.js';
import { ShapeError } from '../base/errors.js';
import { type Column, type FeatureTable, take } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import {
  checkMembers,
  type FittedMember,
  fitMembers,
  type LoadModel,
  type Member,
  membersFromJSON,
  membersToJSON,
  predictMembers,
} from './members.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import { savedColumns, savedNumbers } from './saved.js';
import { momentsOf } from './standardise.js';

export interface StackOptions {
  /** Parts of the training rows that take turns at being predicted by the others; 0: no turns, equal weights. */
  readonly folds?: number;
}

const DEFAULTS: Required<StackOptions> = { folds: 5 };
/** Rounds over the weights; they settle in a few. */
const ROUNDS = 200;

/** A weighted mean of models. */
export interface FittedStack extends Fitted {
  readonly id: 'stack';
  /** One a member, from 0, summing to 1. */
  readonly weights: readonly number[];
}

/**
 * A weighted mean of several predictors, each on its own columns. The weights are those from 0 with which the members'
 * out-of-fold predictions of the training rows, less the target's mean, come nearest to the target, divided by their sum;
 * with fewer than two rows a fold they are equal.
 * @throws ShapeError when there is no member, one of them sees no column, or folds is neither 0 nor at least 2.
 * @see Breiman 1996, Stacked regressions (non-negative weights); van der Laan et al. 2007 (normalised).
 */
export function stack(members: readonly Member[], options: StackOptions = {}): Predictor<FeatureTable, FittedStack> {
  const { folds } = { ...DEFAULTS, ...options };
  checkMembers('stack', members);
  if (!(folds === 0 || (Number.isInteger(folds) && folds >= 2))) {
    throw new ShapeError({ argument: 'stack: folds', expected: '0 or a whole number from 2', got: `${folds}` });
  }
  return {
    id: 'stack',
    async fit(x: FeatureTable, y: Float64Array, { rng, signal, onProgress }: FitOptions): Promise<FittedStack> {
      checkTraining('stack.fit', x, y);
      signal?.throwIfAborted();
      const turns = folds > 0 && members.length > 1 && y.length >= 2 * folds ? folds : 0;
      let done = 0;
      const onMember = (): void => onProgress?.({ done: ++done, total: (turns + 1) * members.length, label: 'model' });
      const order = rng.fork('folds').permutation(y.length);
      const outOfFold = members.map(() => new Float64Array(y.length));
      for (let fold = 0; fold < turns; fold++) {
        const held = order.filter((_, i) => i % turns === fold);
        const others = order.filter((_, i) => i % turns !== fold);
        const work = { rng: rng.fork(`fold ${fold}`), signal, onMember };
        const fitted = await fitMembers('stack', members, take(x, others), take(y, others), work);
        predictMembers(fitted, take(x, held)).forEach((predicted, m) => {
          for (let i = 0; i < held.length; i++) outOfFold[m][held[i]] = predicted[i];
        });
      }
      const weights = turns > 0 ? shares(outOfFold, y) : members.map(() => 1 / members.length);
      return weighted(x.columns, await fitMembers('stack', members, x, y, { rng, signal, onMember }), weights);
    },
  };
}

/** Non-negative weights of least squared error, by one weight after the other, then made to sum to 1. */
function shares(predicted: readonly Float64Array[], y: Float64Array): number[] {
  const n = y.length;
  const { mean } = momentsOf(y);
  const rest = y.map((v) => v - mean);
  const centred = predicted.map((list) => list.map((v) => v - mean));
  const weights = centred.map(() => 0);
  for (let round = 0; round < ROUNDS; round++) {
    centred.forEach((list, m) => {
      const squares = dot(list, 0, list, 0, n);
      if (squares === 0) return;
      const next = Math.max(0, weights[m] + dot(list, 0, rest, 0, n) / squares);
      for (let r = 0; r < n; r++) rest[r] -= (next - weights[m]) * list[r];
      weights[m] = next;
    });
  }
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => (total > 0 ? w / total : 1 / weights.length));
}

export const STACK_FORMAT = 'nascope/stack';
export const STACK_VERSION = 1;

function weighted(columns: readonly Column[], members: readonly FittedMember[], weights: readonly number[]): FittedStack {
  return {
    id: 'stack',
    weights,
    predict(x: FeatureTable): Float64Array {
      checkColumns('stack.predict', x, columns);
      const predicted = predictMembers(members, x);
      const [first] = predicted;
      // Differences from the first: equal predictions average to themselves.
      return first.map((p, r) => predicted.reduce((sum, list, m) => sum + weights[m] * (list[r] - p), p));
    },
    toJSON: (): ModelFile => ({
      format: STACK_FORMAT,
      version: STACK_VERSION,
      columns,
      weights,
      members: membersToJSON(members),
    }),
  };
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function stackFromJSON(file: ModelFile, load: LoadModel): FittedStack {
  const columns = savedColumns(STACK_FORMAT, file.columns);
  const members = membersFromJSON(STACK_FORMAT, file.members, columns.length, load);
  return weighted(columns, members, savedNumbers(STACK_FORMAT, 'weights', file.weights, members.length));
}
