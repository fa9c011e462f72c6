import type { FeatureTable } from '../core/base/table.js';
import type { Score } from '../core/metrics/index.js';
import { type EvaluationJob, type Evaluator, evaluateJob } from '../core/models/evaluate-job.js';
import { type Benchmark, type BenchmarkId, featureSets, load } from '../data/index.js';
import { protocols } from '../data/protocol.js';

/** What a predictor learns from and is held against. */
export interface LearningRows {
  readonly bench: Benchmark;
  readonly x: FeatureTable;
  readonly y: Float64Array;
}

export interface LearningRowsOf {
  readonly benchmark: BenchmarkId;
  readonly dataset: string;
  readonly target: string;
  readonly features: string;
  readonly version: 'icml24' | 'main';
  /**
   * `zc_combine` (the default) and `ta_gates`: the rows and order of that protocol. `labelled`: every row that has the
   * target, in the benchmark's order, where the published list of rows is not at hand.
   */
  readonly population?: 'zc_combine' | 'ta_gates' | 'labelled';
}

/** What experiments work with: loaded benchmarks and feature tables, made once, and someone who evaluates. */
export interface Workbench {
  readonly signal: AbortSignal | undefined;
  load(benchmark: BenchmarkId, dataset: string): Promise<Benchmark>;
  /** The rows of the population that have the target, with their features. */
  rows(of: LearningRowsOf): Promise<LearningRows>;
  evaluate(job: EvaluationJob): Promise<Score>;
}

/** Feature tables kept: experiments come in groups that share one. */
const KEPT = 4;

export interface WorkbenchOptions {
  readonly evaluate?: Evaluator;
  /** Fetch benchmarks that are not here. */
  readonly pull?: boolean;
  readonly signal?: AbortSignal;
}

export function workbench({ evaluate: evaluator = evaluateJob, pull, signal }: WorkbenchOptions): Workbench {
  const loaded = new Map<string, Promise<Benchmark>>();
  const made = new Map<string, Promise<LearningRows>>();
  const bench: Workbench = {
    signal,
    load(benchmark, dataset) {
      const key = `${benchmark}/${dataset}`;
      const known = loaded.get(key) ?? load(benchmark, { dataset, pull, signal });
      loaded.set(key, known);
      return known;
    },
    rows(of) {
      const key = JSON.stringify(of);
      const known = made.get(key) ?? learningRows(bench, of);
      made.set(key, known);
      for (const old of [...made.keys()].slice(0, -KEPT)) made.delete(old);
      return known;
    },
    evaluate: (job) => evaluator(job, signal),
  };
  return bench;
}

async function learningRows(workbench: Workbench, of: LearningRowsOf): Promise<LearningRows> {
  const whole = await workbench.load(of.benchmark, of.dataset);
  const { population = 'zc_combine', target } = of;
  const bench = population === 'labelled' ? whole.complete([target]) : protocols[population].rows(whole, target, []);
  return { bench, x: featureSets(bench, of.features, { version: of.version }), y: bench.target(of.target) };
}
