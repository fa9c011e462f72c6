import type { InputShapes } from './input-shapes.js';

/** What importers are told beside the file's bytes. */
export interface ImportOptions {
  /** Name of the graph, and of the file in errors. */
  readonly name: string;
  /** As in `ImportModelOptions`. */
  readonly inputShapes?: InputShapes;
  /** Values of a tfjs model's whole-number weights, where its weight files were at hand. */
  readonly weightValues?: ReadonlyMap<string, readonly number[]>;
}
