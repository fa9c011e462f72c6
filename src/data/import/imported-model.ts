import type { ComputeGraph } from '../../core/ir/compute-graph.js';

/** A network from a file, and what the file said of it. Plain data. */
export interface ImportedModel {
  readonly format: ModelFormat;
  readonly graph: ComputeGraph;
  /**
   * Nodes that the file lists (layers of a layers-model). The graph has others: it adds inputs and outputs, and leaves
   * out constants and what follows from constants alone.
   */
  readonly nodes: number;
  /** Numbers in the file's weights, running statistics of batch norms apart. */
  readonly parameters: number;
  /** Running means and variances of batch norms. */
  readonly buffers: number;
  /** The share of the file's nodes whose operation is known: its shape follows, and its cost where it has one. 0..1. */
  readonly coverage: number;
  readonly warnings: readonly ImportWarning[];
  /** What the file says of its own ends. */
  readonly declared: { readonly inputs: readonly NamedShape[]; readonly outputs: readonly NamedShape[] };
  /** The shapes of its outputs, as they follow from the inputs; in the order of `declared.outputs`. */
  readonly outputs: readonly NamedShape[];
}

export type ModelFormat = 'onnx' | 'tfjs-graph' | 'tfjs-layers' | 'tf-graphdef' | 'cg-json';

/** A tensor's name and its extents in the file's own layout, the batch included; null where the file names no number. */
export interface NamedShape {
  readonly name: string;
  /** Null where the file says nothing at all. */
  readonly shape: readonly (number | null)[] | null;
}

/** Something in a file that was read, but not wholly understood. Programs tell warnings apart by `code`. */
export interface ImportWarning {
  readonly code: ImportWarningCode;
  /** In plain words, with what was done instead. */
  readonly says: string;
  /** The operation, the class, the tensor or the field that it is about. */
  readonly subject: string;
  /** How often it occurs in the file; 1 at least. */
  readonly times: number;
}

export type ImportWarningCode =
  /** An operation without a rule here: it stands in the graph as `opaque` and counts as costing nothing. */
  | 'unknown-op'
  /** An operation of a domain other than ONNX's own. */
  | 'custom-domain'
  /** A branch or a loop: its body is not part of the graph. */
  | 'subgraph'
  /** An operation whose shape is known, but whose multiplications the cost model does not count. */
  | 'not-costed'
  /** An extent that the file leaves open (a batch, a symbol) was taken as a number. */
  | 'open-extent'
  /** A shape that could not be inferred was taken from elsewhere. */
  | 'assumed-shape'
  /** What the file declares and what follows from its inputs differ. */
  | 'shape-differs'
  /** A weight whose numbers are not in the file: its shape alone is known. */
  | 'missing-data'
  /** A version of the format that this reader was not written for. */
  | 'version'
  /** A class that a pickle names: it stands as an inert record, nothing was run. */
  | 'inert-class'
  /** Something in the file that plays no part in the graph. */
  | 'ignored';

/** Collects warnings: the same code about the same subject is one, counted. */
export class WarningList {
  private readonly found = new Map<string, { code: ImportWarningCode; says: string; subject: string; times: number }>();

  add(code: ImportWarningCode, subject: string, says: string): void {
    const key = `${code} ${subject}`;
    const known = this.found.get(key);
    if (known !== undefined) known.times++;
    // Hostile files could name a million subjects.
    else if (this.found.size < MOST_WARNINGS) this.found.set(key, { code, says, subject, times: 1 });
  }

  list(): ImportWarning[] {
    return Array.from(this.found.values(), (warning) => ({ ...warning }));
  }
}

const MOST_WARNINGS = 1000;
