import { askedThread } from './asked-thread.js';
import type { LabelLine } from './label-line.js';
import type { LabelUnit } from './label-plan.js';
import { labelUnit } from './label-unit.js';

/** Something that trains one unit at a time. */
export interface Labeller {
  label(unit: LabelUnit): Promise<LabelLine>;
  close(): Promise<void>;
}

/** As many as `workers` says, 0 for one in this thread; never more than there are units. */
export function someLabellers(workers: number, units: number): Labeller[] {
  const make = workers === 0 ? hereLabeller : threadLabeller;
  return Array.from({ length: Math.min(Math.max(workers, 1), units) }, make);
}

/** In this thread. */
function hereLabeller(): Labeller {
  return { label: (unit) => labelUnit(unit), close: async () => {} };
}

/** In a thread of its own, with its own engine and scenes. */
function threadLabeller(): Labeller {
  const { ask, close } = askedThread<LabelUnit, LabelLine>(new URL('./label-worker.js', import.meta.url));
  return { label: ask, close };
}
