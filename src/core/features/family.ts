import type { Column, ColumnValues } from '../base/table.js';
import type { CellGraph } from '../ir/cell-graph.js';
import type { GraphBatch } from './batch.js';

/**
 * Which definition of GRAF. `icml24` made the published numbers; `main` is the later one, in which
 * `max_op_on_path` is the longest path that uses allowed operations only.
 */
export type GrafVersion = 'icml24' | 'main';
/** Which subsets of operations get node-degree columns: all of them, or single operations only. */
export type GrafConfig = 'full' | 'short';

export interface FamilyOptions {
  readonly version: GrafVersion;
  readonly config: GrafConfig;
}

/** One column together with the way its numbers come about, so that names and numbers cannot drift apart. */
export interface Feature {
  readonly column: Column;
  /** One number a graph. Allocates the array that it gives and nothing that grows with the number of graphs beside it. */
  values(batch: GraphBatch): ColumnValues;
}

/**
 * One feature family: what it measures, and its features for a kind of graph.
 * One definition serves every space; what differs between spaces is in the graph and its vocabulary.
 */
export interface FeatureFamily {
  readonly id: string;
  /** One sentence for a reader of the notebook. */
  readonly says: string;
  readonly cite: string;
  /** The family's features for graphs of `example`'s space, in the reference's order; none where it does not apply. */
  features(example: CellGraph, options: FamilyOptions): readonly Feature[];
}

/** Where the families of this folder were published. */
export const GRAF_CITE = 'Kadlecová et al. 2024, arXiv 2404.16551';
