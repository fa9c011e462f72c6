import { rngFromPath } from '../core/base/rng.js';
import type { ColumnValues } from '../core/base/table.js';
import { type PartShares, sharesOfTrees } from '../core/explain/tree-games.js';
import type { Evaluation } from '../core/models/evaluate.js';
import { type EvaluationJob, evaluateJob } from '../core/models/evaluate-job.js';
import type { GrowthJob } from '../core/models/trees/grower.js';
import { TreeGrowth } from '../core/models/trees/growth.js';
import type { Tree } from '../core/models/trees/tree.js';

/** Trees `from` .. `to` − 1 of a job; parts of one job carry one key. */
export interface GrowTrees {
  readonly key: string;
  readonly job: GrowthJob;
  readonly from: number;
  readonly to: number;
}

/** Some trees of a model on rows `fromRow` .. `toRow` − 1. */
export interface ExplainPart {
  readonly trees: readonly Tree[];
  readonly treeWeight: number;
  readonly values: readonly ColumnValues[];
  readonly fromRow: number;
  readonly toRow: number;
}

/** What workers can do, by name: plain data in, plain data out. One more task is one more line. */
export const tasks: {
  readonly 'grow-trees': (input: GrowTrees) => readonly Tree[];
  readonly evaluate: (input: EvaluationJob) => Promise<Evaluation>;
  readonly 'shap-part': (input: ExplainPart) => PartShares;
} = {
  'grow-trees': growTrees,
  evaluate: (input) => evaluateJob(input),
  'shap-part': explainPart,
};

export type TaskId = keyof typeof tasks;
export type TaskInput<Id extends TaskId> = Parameters<(typeof tasks)[Id]>[0];
export type TaskOutput<Id extends TaskId> = Awaited<ReturnType<(typeof tasks)[Id]>>;

/** The job last worked on, with its buffers: parts of one job mostly come one after the other. */
let last: { readonly key: string; readonly growth: TreeGrowth } | undefined;

function growTrees({ key, job, from, to }: GrowTrees): readonly Tree[] {
  if (last?.key !== key) last = { key, growth: new TreeGrowth(job.rows, job.settings) };
  const { growth } = last;
  const rng = rngFromPath(job.rngPath);
  return Array.from({ length: to - from }, (_, i) => growth.grow(rng.fork(from + i)));
}

function explainPart({ values, fromRow, toRow, ...part }: ExplainPart): PartShares {
  const steps = sharesOfTrees(part, values, fromRow, toRow);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
