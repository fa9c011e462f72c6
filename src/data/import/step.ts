import type { Meaning, Tensor } from './meaning.js';
import type { SourceNode } from './source-network.js';

/** A node whose result depends on the network's inputs, and what it means. */
export interface Step {
  readonly node: SourceNode;
  readonly meaning: Meaning;
  /** Names of the tensors it reads that are not constant, in order. */
  readonly inputs: readonly string[];
  readonly constants: readonly Tensor[];
}
