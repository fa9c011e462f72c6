import { seedsFrom42 } from './experiment.js';
import { GRAF_SETS } from './graf-sets.js';
import { type ComputedCell, computed, type Tolerance } from './paper-table.js';
import { splitScores } from './split-scores.js';
import type { LearningRowsOf } from './workbench.js';

/** What the GRAF paper's tables hold: the median tau of a forest over the splits 42 to 91. */
export interface ForestMedian extends Omit<LearningRowsOf, 'features' | 'version'> {
  /** A column head of `GRAF_SETS`, or a feature set's own name. */
  readonly set: string;
  readonly train: number;
}

const TOLERANCE: Tolerance = {
  abs: 0.005,
  because: "the published figure is read to ±.0005, and the paper's scikit-learn version is not known",
};

export function forestMedian({ set, train, ...of }: ForestMedian): ComputedCell {
  const features = GRAF_SETS[set] ?? set;
  const experiment = splitScores({ ...of, features, version: 'icml24', predictor: 'rf', train, seeds: seedsFrom42(50) });
  return computed(experiment, 'tau', { summary: 'median', tolerance: TOLERANCE });
}

/** The same on nets that stand in for the paper's. */
export function standInMedian(of: ForestMedian, note: string): ComputedCell {
  const because = "as on the paper's own nets; on others a difference says how far the stand-in is off, no more";
  return { ...forestMedian(of), look: 'stand-in', note, tolerance: { abs: TOLERANCE.abs, because } };
}

/** Whether a column of `GRAF_SETS` needs proxies. */
export function needsProxies(set: string): boolean {
  return (GRAF_SETS[set] ?? set).split('+').includes('zcp');
}

/** Where no file or figure shows the numbers: the paper's own tables are not at hand. */
export const NOT_PUBLISHED =
  "no published numbers at hand: the paper's tables of these cells are in none of its repositories, figures and notebooks";
