/**
 * The graph of an architecture as plain JSON data: survives `JSON.parse(JSON.stringify(g))`, compares with deep
 * equality, is never changed. Typed arrays live in views (`adjacency.ts`), not here.
 *
 * One architecture is one `CellGraph`, told apart by `kind`:
 * - `edge-ops`: operations sit on edges, nodes are feature maps (NAS-Bench-201, TransNAS-Bench-101 micro);
 * - `node-ops`: operations sit on nodes (NAS-Bench-101);
 * - `sequence`: a chain of blocks, each a set of properties (TransNAS-Bench-101 macro);
 * - `cell-stack`: several named cells that are repeated to build the network (DARTS: normal and reduce).
 */
export type CellGraph = EdgeGraph | NodeGraph | SequenceGraph | CellStack;
export type GraphKind = CellGraph['kind'];
export type GraphOf<K extends GraphKind> = Extract<CellGraph, { kind: K }>;

/**
 * The operations a space knows. An operation's number in the reference implementations is its index in
 * `[...markers, ...ops]`; feature names are made of these numbers.
 */
export interface Vocabulary {
  /** Entries that are counted but that nobody chooses: `input`, `output`, `out`. */
  readonly markers: readonly string[];
  /** The operations a designer chooses from, in the reference's order. */
  readonly ops: readonly string[];
  /** Entries after `ops` that the published code counts although no network holds them (TransNAS-micro). */
  readonly phantoms: readonly string[];
  /** The operation that passes nothing on, where the space has one. */
  readonly zero: string | null;
}

export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly op: string;
}

export interface EdgeGraph {
  readonly kind: 'edge-ops';
  readonly space: string;
  readonly vocabulary: Vocabulary;
  readonly nodeCount: number;
  /** Names of the nodes where the space has names (`c_{k-2}`), else their numbers as the space counts them. */
  readonly nodeNames: readonly string[];
  readonly inputs: readonly number[];
  readonly output: number;
  /** In the reference's order of insertion, which breaks its ties. Every edge goes from a lower to a higher node. */
  readonly edges: readonly Edge[];
}

export interface NodeGraph {
  readonly kind: 'node-ops';
  readonly space: string;
  readonly vocabulary: Vocabulary;
  /** `nodes[i]` is node i's operation, markers included. */
  readonly nodes: readonly string[];
  readonly input: number;
  readonly output: number;
  /** `[from, to]`, row-major in the adjacency matrix; from < to. */
  readonly edges: readonly (readonly [number, number])[];
}

export interface SequenceGraph {
  readonly kind: 'sequence';
  readonly space: string;
  readonly vocabulary: Vocabulary;
  /** Each block's operation (an entry of `vocabulary.ops`). */
  readonly blocks: readonly string[];
  /** What each operation of the vocabulary does: `{ channels: true, stride: false }`, by operation. */
  readonly properties: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  /** The greatest number of blocks that the space allows. */
  readonly maxLength: number;
}

export interface CellStack {
  readonly kind: 'cell-stack';
  readonly space: string;
  readonly vocabulary: Vocabulary;
  readonly cells: readonly { readonly name: string; readonly graph: EdgeGraph }[];
}
