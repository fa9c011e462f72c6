import { nextTurn, type WorkOptions } from '../../base/progress.js';
import { rngFromPath } from '../../base/rng.js';
import { TreeGrowth } from './growth.js';
import type { GrowthSettings } from './growth-settings.js';
import type { TrainingRows } from './training-rows.js';
import type { Tree } from './tree.js';

/** What there is to grow. Plain data: it crosses worker borders. */
export interface GrowthJob {
  readonly rows: TrainingRows;
  readonly settings: GrowthSettings;
  readonly treeCount: number;
  /** Tree `t` is grown from `rngFromPath(rngPath).fork(t)`, wherever and whenever that happens. */
  readonly rngPath: string;
}

/**
 * Something that grows a forest's trees, in order of their numbers. The default does it here; a worker pool, or one that
 * draws as a published forest did, may be handed in.
 */
export interface TreeGrower {
  grow(job: GrowthJob, options: WorkOptions): Promise<readonly Tree[]>;
}

/** Milliseconds of work between two looks at the signal. */
const TURN_MS = 50;

/** Grows all trees in this thread. */
export const growHere: TreeGrower = {
  grow(job: GrowthJob, options: WorkOptions): Promise<readonly Tree[]> {
    const growth = new TreeGrowth(job.rows, job.settings);
    const rng = rngFromPath(job.rngPath);
    return growInTurns(job.treeCount, (t) => growth.grow(rng.fork(t)), options);
  },
};

/** Grows one tree after the other; lets others through about twenty times a second. */
export async function growInTurns(count: number, grow: (t: number) => Tree, options: WorkOptions): Promise<readonly Tree[]> {
  const trees: Tree[] = [];
  let turn = performance.now();
  for (let t = 0; t < count; t++) {
    trees.push(grow(t));
    if (performance.now() - turn < TURN_MS && t + 1 < count) continue;
    options.onProgress?.({ done: t + 1, total: count, label: 'tree' });
    if (t + 1 < count) await nextTurn();
    options.signal?.throwIfAborted();
    turn = performance.now();
  }
  return trees;
}
