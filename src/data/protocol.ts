import { randomForest } from '../core/models/forest.js';
import { type PredictorId, predictors } from '../core/models/index.js';
import type { Predictor } from '../core/models/predictor.js';
import { sklearnGrower } from '../core/models/trees/sklearn-grower.js';
import type { Protocol } from './protocols/contract.js';
import { naslib } from './protocols/naslib.js';
import { ours } from './protocols/rng.js';
import { taGates } from './protocols/ta-gates.js';
import { ZC_COMBINE_FOREST_STATE, zcCombine } from './protocols/zc-combine.js';

export type { Protocol };
export { ZC_COMBINE_FOREST_STATE };

/** Ways to put predictors to the test; a new one is one file and one line here. */
export const protocols: {
  readonly zc_combine: Protocol;
  readonly ta_gates: Protocol;
  readonly naslib: Protocol;
  readonly rng: Protocol;
} = { zc_combine: zcCombine, ta_gates: taGates, naslib, rng: ours };
export type ProtocolId = keyof typeof protocols;

/** The predictor that an id stands for under a protocol: `rf` may be scikit-learn's own forest. */
export function predictorUnder(protocol: Protocol, id: PredictorId): Predictor {
  const state = forestStateOf(protocol, id);
  return state === null ? predictors[id]() : randomForest({ grower: sklearnGrower(state) });
}

/** The same as a job's `sklearnState`. */
export function forestStateOf(protocol: Protocol, id: PredictorId): number | null {
  return id === 'rf' ? protocol.forestState : null;
}
