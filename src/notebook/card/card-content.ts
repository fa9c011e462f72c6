import type { ShapValues } from '../../core/explain/treeshap.js';
import type { Benchmark, DataColumn } from '../../data/benchmark.js';
import type { NearRow } from './nearest-rows.js';
import type { Rank } from './rank.js';
import type { TreeSpread } from './tree-spread.js';

/** What a card tells, before it is laid out. */
export interface CardContent {
  readonly bench: Benchmark;
  readonly row: number;
  /** The architecture's text forms, by what they are. */
  readonly encodings: readonly { readonly says: string; readonly text: string }[];
  readonly labels: readonly Label[];
  readonly target: DataColumn;
  readonly prediction: Prediction | null;
  readonly near: readonly (NearRow & { readonly value: number; readonly rank: Rank | null })[];
}

export interface Label {
  readonly column: DataColumn;
  readonly value: number;
  readonly rank: Rank | null;
}

export interface Prediction {
  readonly value: number;
  readonly spread: TreeSpread | null;
  /** Of this one row; null for models without trees. */
  readonly shap: ShapValues | null;
}
