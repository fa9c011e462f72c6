import type { WorkOptions } from '../core/base/progress.js';
import { type GrowthJob, growHere, type TreeGrower } from '../core/models/trees/grower.js';
import type { TrainingRows } from '../core/models/trees/training-rows.js';
import type { Tree } from '../core/models/trees/tree.js';
import { type WorkerPool, workersCanStart } from './pool.js';
import { shareArray } from './share.js';

/** Starting threads and handing over rows pays from about here. */
const WORTH_MS = 200;
/** Measured on one core: milliseconds a tree, row and column. */
const MS_PER_CELL = 2.5e-5;
/** Parts a thread at least: enough to even out slow threads. */
const PARTS = 4;
/** What a part may take: so often progress is told, and so soon after an interrupt the threads are free again. */
const PART_MS = 200;

let jobs = 0;

/** Grows trees on all threads of a pool where that is worth it, else here. The trees are the same, bit for bit. */
export function parallelGrower(pool: WorkerPool, options: { readonly worthMs?: number } = {}): TreeGrower {
  const worthMs = options.worthMs ?? WORTH_MS;
  return {
    async grow(job: GrowthJob, work: WorkOptions): Promise<readonly Tree[]> {
      if (!workersCanStart || job.treeCount * treeMs(job) < worthMs) return growHere.grow(job, work);
      return growOnPool(pool, job, work);
    },
  };
}

async function growOnPool(pool: WorkerPool, job: GrowthJob, { signal, onProgress }: WorkOptions): Promise<readonly Tree[]> {
  const common = { key: `${jobs++}`, job: { ...job, rows: shareRows(job.rows) } };
  const fair = Math.ceil(job.treeCount / (pool.size * PARTS));
  const part = Math.max(1, Math.min(fair, Math.round(PART_MS / treeMs(job))));
  const starts = Array.from({ length: Math.ceil(job.treeCount / part) }, (_, i) => i * part);
  let done = 0;
  const parts = await Promise.all(
    starts.map(async (from) => {
      const to = Math.min(from + part, job.treeCount);
      const trees = await pool.run('grow-trees', { ...common, from, to }, signal);
      done += to - from;
      onProgress?.({ done, total: job.treeCount, label: 'tree' });
      signal?.throwIfAborted();
      return trees;
    }),
  );
  return parts.flat();
}

/** About how long one tree takes. */
function treeMs({ rows }: GrowthJob): number {
  return rows.rowCount * rows.column.length * MS_PER_CELL;
}

/** The same rows in memory that threads share instead of copying. */
function shareRows(rows: TrainingRows): TrainingRows {
  const entries = Object.entries(rows).map(([name, value]) => [name, ArrayBuffer.isView(value) ? shareArray(value) : value]);
  return Object.fromEntries(entries) as TrainingRows;
}
