import type { Column, ColumnValues } from '../base/table.js';
import type { CellGraph } from '../ir/cell-graph.js';

/**
 * Which definition of GRAF. `icml24` made the published numbers; `main` is the later one, in which
 * `max_op_on_path` counts allowed operations only (graf.md section 0).
 */
export type GrafVersion = 'icml24' | 'main';
/** Which subsets of operations get node-degree columns: all of them, or single operations only. */
export type GrafConfig = 'full' | 'short';

export interface FamilyOptions {
  readonly version: GrafVersion;
  readonly config: GrafConfig;
}

/**
 * One feature family: what it measures, the columns it gives for a kind of graph, and their values.
 * One definition serves every space; what differs between spaces is in the graph and its vocabulary.
 */
export interface FeatureFamily {
  readonly id: string;
  /** One sentence for a reader of the notebook. */
  readonly says: string;
  readonly cite: string;
  /**
   * The family's columns for graphs of `example`'s space, in the reference's order; empty where the family does not apply.
   */
  columns(example: CellGraph, options: FamilyOptions): readonly Column[];
  /**
   * Their values for all graphs: one array a column, in the order of `columns`. Allocates only these arrays.
   * The graphs are of one space (checked by `features`).
   */
  compute(graphs: readonly CellGraph[], options: FamilyOptions): readonly ColumnValues[];
}
