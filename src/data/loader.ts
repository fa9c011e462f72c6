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
  /** The first is the one that is loaded when none is named. */
  readonly datasets: readonly string[];
  /** Raised whenever `read` gives other numbers from the same files: cached tables are then made anew. */
  readonly version: number;
  /** Manifest ids of the files that a dataset's table is made of. */
  files(dataset: string): readonly string[];
  /** @throws DataError when a file is not what the manifest describes, or two files contradict each other. */
  read(sources: SourceFiles, dataset: string): Promise<BenchmarkTable>;
}
