import { askedThread } from './asked-thread.js';
import type { LabelLine } from './label-line.js';
import type { LabelUnit } from './label-plan.js';
import { labelUnit } from './label-unit.js';

/** Something that trains one unit at a time. */
export interface Labeller {
  label(unit: LabelUnit): Promise<LabelLine>;
  close(): Promise<void>;
}

/** In this thread. */
export function hereLabeller(): Labeller {
  return { label: (unit) => labelUnit(unit), close: async () => {} };
}

/** In a thread of its own, with its own engine and scenes. */
export function threadLabeller(): Labeller {
  const { ask, close } = askedThread<LabelUnit, LabelLine>(new URL('./label-worker.js', import.meta.url));
  return { label: ask, close };
}
