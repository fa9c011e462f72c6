import { md5 } from '../core/base/md5.js';
import { rng } from '../core/base/rng.js';
import { drawMicro, type MicroFamilyId, microFamilyNamed, microSplit } from '../core/spaces/micro/index.js';
import type { TaskId } from './task-data.js';

/** The smallest piece of work: one architecture trained for one task with one seed. */
export interface LabelUnit {
  readonly family: MicroFamilyId;
  /** In the family's text form. */
  readonly arch: string;
  readonly task: TaskId;
  readonly seed: number;
}

/** What a table is to hold. */
export interface LabelPlan {
  readonly family: MicroFamilyId;
  /** Architectures: the first so many of the family's one fixed order. */
  readonly count: number;
  readonly tasks: readonly TaskId[];
  readonly seeds: readonly number[];
  /** Further seeds for the architectures of the test split. */
  readonly testSeeds: readonly number[];
}

/** Several runs that share a plan: the `index`-th of `of`, counted from 0 as job arrays do. */
export interface LabelShard {
  readonly index: number;
  readonly of: number;
}

/** The seed of the draw of architectures; not one of the label seeds. */
const DRAW_SEED = 1;

/** The architectures of a plan, in order. */
export function planArchs({ family, count }: Pick<LabelPlan, 'family' | 'count'>): string[] {
  const made = microFamilyNamed(family);
  return drawMicro(made, rng(DRAW_SEED), count).map((arch) => made.format(arch));
}

/**
 * The units of a plan, all those of one architecture before those of the next: whatever has been done when the work is
 * stopped is a smaller table, complete. A shard has the architectures whose hash falls to it.
 */
export function planUnits(plan: LabelPlan, shard: LabelShard = { index: 0, of: 1 }): LabelUnit[] {
  return planArchs(plan).flatMap((arch) => (hashOf(plan.family, arch) % shard.of === shard.index ? archUnits(plan, arch) : []));
}

/** The units of one architecture. */
export function archUnits({ family, tasks, seeds, testSeeds }: LabelPlan, arch: string): LabelUnit[] {
  const made = microFamilyNamed(family);
  const inTest = microSplit(family, made.canonicalId(made.parse(arch))) === 'test';
  return tasks.flatMap((task) => [...seeds, ...(inTest ? testSeeds : [])].map((seed) => ({ family, arch, task, seed })));
}

/** Tells units apart. */
export function unitKey({ family, arch, task, seed }: LabelUnit): string {
  return `${family} ${arch} ${task} ${seed}`;
}

function hashOf(family: string, arch: string): number {
  return Number.parseInt(md5(`${family} ${arch}`).slice(0, 8), 16);
}
