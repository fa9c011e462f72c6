import type { Attributes } from './attributes.js';
import type { Constant } from './constant.js';
import type { NamedShape } from './imported-model.js';

/** A network as its file has it, whichever the file's kind: what `readNetwork` makes a computation graph of. */
export interface SourceNetwork {
  readonly name: string;
  readonly nodes: readonly SourceNode[];
  /** Weights and other tensors that the file holds, by name. */
  readonly constants: ReadonlyMap<string, Constant>;
  readonly inputs: readonly NamedShape[];
  readonly outputs: readonly NamedShape[];
  /** Shapes that the file states for what lies between; for operations without a rule. */
  readonly known: ReadonlyMap<string, readonly (number | null)[]>;
  /** Whether images stand as channels, height, width. */
  readonly channelsFirst: boolean;
}

export interface SourceNode {
  readonly name: string;
  readonly op: string;
  /** '' for the framework's own operations. */
  readonly domain: string;
  /** Names of tensors; '' for one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}
