/** How a tree is grown; the names and meanings are scikit-learn's. */
export interface GrowthSettings {
  /** Share of the columns looked at in a node. */
  readonly maxFeatures: number;
  readonly minSamplesLeaf: number;
  readonly minSamplesSplit: number;
  /** Edges from the root; Infinity for no limit. */
  readonly maxDepth: number;
  /** Whether a tree sees `n` rows drawn with replacement, or every row once. */
  readonly bootstrap: boolean;
}
