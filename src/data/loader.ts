import type { SearchSpace } from '../core/spaces/space.js';
import type { BenchmarkTable } from './benchmark.js';
import type { SourceFiles } from './source-files.js';

/** How one benchmark is made from its published files. A new benchmark is one such value and one line in the registry. */
export interface BenchmarkLoader<Id extends string = string> {
  /** The benchmark's id in `load` and in the manifest. */
  readonly id: string;
  readonly title: string;
  readonly cite: string;
  readonly licence: string;
  readonly space: SearchSpace<Id>;
  /** Spaces of those datasets whose architectures are of another one than `space`. */
  readonly spaces?: Readonly<Record<string, SearchSpace<Id>>>;
  /** The first is the one that is loaded when none is named. */
  readonly datasets: readonly string[];
  /** Datasets that are made by `data import` alone, from a file that the user has. */
  readonly imported?: readonly string[];
  /** Raised whenever `read` gives other numbers from the same files: cached tables are then made anew. */
  readonly version: number;
  /** Manifest ids of the files that a dataset's table is made of. */
  files(dataset: string): readonly string[];
  /** Of these, the ones that a table is made without where they are not in the cache: their columns are then absent. */
  readonly optional?: readonly string[];
  /**
   * For a benchmark that comes with the package: its table and the table's hash, instead of `files` and `read`; with
   * `latency`, also the columns that were measured on one machine; `task` says whose main metric is the default target.
   */
  readonly embedded?: (
    dataset: string,
    options: { readonly latency: boolean; readonly task?: string },
  ) => Promise<{ readonly table: BenchmarkTable; readonly hash: string }>;
  /** @throws DataError when a file is not what the manifest describes, or two files contradict each other. */
  read(sources: SourceFiles, dataset: string): Promise<BenchmarkTable>;
}
