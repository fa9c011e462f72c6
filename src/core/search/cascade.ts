import { ShapeError } from '../base/errors.js';
import type { WorkOptions } from '../base/progress.js';

/** One sieve: scores what is left, keeps the best. Stages go from cheap and coarse to dear and true. */
export interface CascadeStage<Candidate> {
  /** For a reader: "params", "12 epochs". */
  readonly name: string;
  /** One number a candidate, higher is better; NaN counts as the worst. */
  score(candidates: readonly Candidate[], options: Pick<WorkOptions, 'signal'>): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** How many stay. */
  readonly keep: number;
  /** What scoring one candidate costs, in a unit of your own (GPU seconds, epochs); 0 unless said. */
  readonly cost?: number;
}

export interface StageReport {
  readonly name: string;
  readonly asked: number;
  readonly kept: number;
  /** `asked` times the stage's cost for one. */
  readonly cost: number;
}

export interface CascadeResult {
  /** Places in the pool, best by the last stage first. */
  readonly kept: Int32Array;
  readonly stages: readonly StageReport[];
  readonly cost: number;
}

/**
 * Selection by a cascade of ever better and ever dearer scores: each stage looks only at what the one before let through.
 * Ties fall to the candidate that stands first in the pool.
 * @throws ShapeError when there is no stage, a stage keeps more than it is shown, or gives another number of scores;
 * rejects with the signal's reason when aborted.
 * @see Zhou et al. 2020 (EcoNAS), arXiv 2001.01233, section 4: hierarchical proxies.
 */
export async function cascade<Candidate>(
  pool: readonly Candidate[],
  stages: readonly CascadeStage<Candidate>[],
  { signal, onProgress }: WorkOptions = {},
): Promise<CascadeResult> {
  checkStages(pool.length, stages);
  let kept: Int32Array = Int32Array.from(pool.keys());
  const reports: StageReport[] = [];
  for (const stage of stages) {
    signal?.throwIfAborted();
    const asked = kept.length;
    const scores = await stage.score(
      Array.from(kept, (place) => pool[place]),
      { signal },
    );
    if (scores.length !== asked) {
      throw new ShapeError({ argument: `cascade: scores of ${stage.name}`, expected: `${asked}`, got: `${scores.length}` });
    }
    kept = best(kept, scores, stage.keep);
    reports.push({ name: stage.name, asked, kept: kept.length, cost: asked * (stage.cost ?? 0) });
    onProgress?.({ done: reports.length, total: stages.length, label: stage.name });
  }
  return { kept, stages: reports, cost: reports.reduce((sum, report) => sum + report.cost, 0) };
}

function checkStages(size: number, stages: readonly CascadeStage<never>[]): void {
  if (stages.length === 0) throw new ShapeError({ argument: 'cascade: stages', expected: 'at least one', got: 'none' });
  let shown = size;
  for (const { name, keep } of stages) {
    if (!(Number.isInteger(keep) && keep >= 1 && keep <= shown)) {
      throw new ShapeError({ argument: `cascade: keep of ${name}`, expected: `1..${shown} candidates`, got: `${keep}` });
    }
    shown = keep;
  }
}

function best(places: Int32Array, scores: ArrayLike<number>, keep: number): Int32Array {
  const value = (i: number): number => (Number.isNaN(scores[i]) ? Number.NEGATIVE_INFINITY : scores[i]);
  const order = Int32Array.from(places.keys()).sort((a, b) => (value(a) === value(b) ? a - b : value(a) > value(b) ? -1 : 1));
  return order.slice(0, keep).map((i) => places[i]);
}
