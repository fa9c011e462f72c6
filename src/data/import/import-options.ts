/** What importers are told beside the file's bytes. */
export interface ImportOptions {
  /** Name of the graph, and of the file in errors. */
  readonly name: string;
  /** Extents of inputs that the file leaves open, by the input's name, in the file's layout with the batch. */
  readonly inputShapes?: Readonly<Record<string, readonly number[]>>;
  /** Values of a tfjs model's whole-number weights, where its weight files were at hand. */
  readonly weightValues?: ReadonlyMap<string, readonly number[]>;
}
