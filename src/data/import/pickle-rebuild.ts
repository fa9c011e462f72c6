import type { PickleBudget } from './pickle-limits.js';
import type { PickleValue } from './pickle-value.js';

/** What a call of a known name gives; null where the arguments are not of its kind (it becomes an inert record then). */
export type Rebuild = (args: readonly PickleValue[], budget: PickleBudget) => PickleValue | null;
export type Known = Record<string, Rebuild>;
