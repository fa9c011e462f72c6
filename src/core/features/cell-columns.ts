import { ShapeError, UnsupportedError } from '../base/errors.js';
import type { EdgeGraph, NodeGraph } from '../ir/cell-graph.js';
import type { OpGraph } from './cells.js';
import { Interner } from './interner.js';
import { SetSums, type Weigh } from './set-sums.js';
import { SetTable, type Solve } from './set-table.js';
import { edgeTopology, MAX_CARRIERS, MAX_NODES, nodeTopology, type Topology } from './topology.js';

/**
 * One cell of every graph of a batch, by column: its topology, and for each operation the mask of its carriers.
 * A row's *key* for a set of operations is its topology's number and the mask of the carriers that hold one of them;
 * every feature of a cell is a table look-up by such a key.
 */
export class CellColumns {
  private readonly topologies: Topology[] = [];
  private readonly nodeCounts: Uint8Array;
  private readonly ids: readonly string[];
  private readonly markers: number;
  private readonly topology: Int32Array;
  /** `carriers[op][row]`, op as in `vocabulary.ops`. */
  private readonly carriers: readonly Uint16Array[];
  private readonly markerCounts: readonly Int8Array[];
  /** The most carriers of a topology: room for a mask in a key. */
  private maskBits = 0;
  private readonly shapes = new Interner(2 + MAX_NODES * MAX_NODES);
  private readonly keysBySet = new Map<number, Int32Array>();
  private readonly tables = new Map<string, SetTable>();
  private readonly sums = new Map<string, SetSums>();

  constructor(
    readonly name: string,
    example: OpGraph,
    readonly rowCount: number,
  ) {
    const { markers, ops } = example.vocabulary;
    this.ids = [...markers, ...ops];
    this.markers = markers.length;
    this.topology = new Int32Array(rowCount);
    this.nodeCounts = new Uint8Array(rowCount);
    this.carriers = ops.map(() => new Uint16Array(rowCount));
    this.markerCounts = markers.map(() => new Int8Array(rowCount));
  }

  read(graph: OpGraph, row: number): void {
    const nodeCount = graph.kind === 'edge-ops' ? graph.nodeCount : graph.nodes.length;
    if (nodeCount > MAX_NODES) throw tooLarge(graph, `more than ${MAX_NODES} nodes`);
    const length = graph.kind === 'edge-ops' ? this.readEdges(graph, row) : this.readNodes(graph, row);
    const topology = this.shapes.intern(length);
    if (topology === this.topologies.length) {
      const isMarker = (op: string): boolean => this.ids.indexOf(op) < this.markers;
      const added = graph.kind === 'edge-ops' ? edgeTopology(graph, isMarker) : nodeTopology(graph, isMarker);
      this.topologies.push(added);
      this.maskBits = Math.max(this.maskBits, added.carriers);
    }
    this.topology[row] = topology;
    this.nodeCounts[row] = nodeCount;
  }

  /** Each row's key for the set of operations whose bits are set in `ops`. Worked out once a set, when all rows are read: O(rows). */
  keys(ops: number): Int32Array {
    const known = this.keysBySet.get(ops);
    if (known !== undefined) return known;
    const keys = new Int32Array(this.rowCount);
    if (ops === 0) {
      const { topology, maskBits } = this;
      for (let r = 0; r < keys.length; r++) keys[r] = topology[r] << maskBits;
    } else {
      const rest = this.keys(ops & (ops - 1));
      const masks = this.carriers[31 - Math.clz32(ops & -ops)];
      for (let r = 0; r < keys.length; r++) keys[r] = rest[r] | masks[r];
    }
    this.keysBySet.set(ops, keys);
    return keys;
  }

  /** For each row the entry of the table of the given name for a set of operations. The table is made when first asked for. */
  lookUp(name: string, solve: Solve, ops: number): Int8Array {
    let table = this.tables.get(name);
    if (table === undefined) {
      table = new SetTable(this.topologies, this.maskBits, solve);
      this.tables.set(name, table);
    }
    return table.lookUp(this.keys(ops), new Int8Array(this.rowCount));
  }

  /** The sums of the given name, made when first asked for: for each set of operations, the weights of their carriers. */
  setSums(name: string, weigh: Weigh): SetSums {
    let sums = this.sums.get(name);
    if (sums === undefined) {
      sums = new SetSums(this.topologies, this.maskBits, weigh, (ops) => this.keys(ops), this.nodeCounts);
      this.sums.set(name, sums);
    }
    return sums;
  }

  /** How often each row holds the operation with the reference's number `id`; 0 for numbers past the vocabulary. */
  counts(id: number): Int8Array {
    if (id < this.markers) return this.markerCounts[id].slice();
    const counts = new Int8Array(this.rowCount);
    const masks = this.carriers[id - this.markers];
    if (masks === undefined) return counts;
    for (let r = 0; r < counts.length; r++) counts[r] = BIT_COUNTS[masks[r]];
    return counts;
  }

  /** Writes the graph's shape for the interner and its operations into the columns; gives the shape's length. */
  private readEdges(graph: EdgeGraph, row: number): number {
    const { edges } = graph;
    const shape = this.shapes.scratch;
    let length = 0;
    shape[length++] = (graph.nodeCount << 8) | graph.output;
    for (let i = 0; i < graph.inputs.length; i++) shape[length++] = graph.inputs[i];
    let carrier = 0;
    for (let e = 0; e < edges.length; e++) {
      const { from, to, op } = edges[e];
      if (!(from < to && to < graph.nodeCount)) throw backwards(graph, row, from, to);
      const id = this.idOf(op, graph, row);
      if (id < this.markers) {
        this.markerCounts[id][row]++;
        shape[length++] = (1 << 16) | (from << 8) | to;
      } else {
        if (carrier === MAX_CARRIERS) throw tooLarge(graph, `more than ${MAX_CARRIERS} edges with an operation`);
        this.carriers[id - this.markers][row] |= 1 << carrier++;
        shape[length++] = (from << 8) | to;
      }
    }
    return length;
  }

  private readNodes(graph: NodeGraph, row: number): number {
    const { nodes, edges } = graph;
    const shape = this.shapes.scratch;
    shape[0] = (graph.input << 8) | graph.output;
    let carrier = 0;
    let markerNodes = 0;
    for (let i = 0; i < nodes.length; i++) {
      shape[i + 2] = 0;
      const id = this.idOf(nodes[i], graph, row);
      if (id < this.markers) {
        this.markerCounts[id][row]++;
        markerNodes |= 1 << i;
      } else {
        if (carrier === MAX_CARRIERS) throw tooLarge(graph, `more than ${MAX_CARRIERS} nodes with an operation`);
        this.carriers[id - this.markers][row] |= 1 << carrier++;
      }
    }
    shape[1] = markerNodes;
    for (let e = 0; e < edges.length; e++) {
      const edge = edges[e];
      const from = edge[0];
      const to = edge[1];
      if (!(from < to && to < nodes.length)) throw backwards(graph, row, from, to);
      shape[from + 2] |= 1 << to;
    }
    return nodes.length + 2;
  }

  private idOf(op: string, graph: OpGraph, row: number): number {
    const { ids } = this;
    for (let id = 0; id < ids.length; id++) if (ids[id] === op) return id;
    throw new ShapeError({
      argument: `features: graphs[${row}]`,
      expected: `operations of ${graph.space} (${ids.join(', ')})`,
      got: `"${op}"`,
    });
  }
}

const BIT_COUNTS: Int8Array = new Int8Array(1 << MAX_CARRIERS);
for (let mask = 1; mask < BIT_COUNTS.length; mask++) BIT_COUNTS[mask] = BIT_COUNTS[mask >> 1] + (mask & 1);

function backwards(graph: OpGraph, row: number, from: number, to: number): ShapeError {
  return new ShapeError({
    argument: `features: graphs[${row}].edges`,
    expected: `edges from a lower to a higher of the nodes of ${graph.space}`,
    got: `${from} -> ${to}`,
  });
}

function tooLarge(graph: OpGraph, what: string): UnsupportedError {
  return new UnsupportedError(
    `GRAF of a ${graph.space} cell with ${what}`,
    'The families look paths up by the set of allowed carriers; the published spaces have at most 8.',
  );
}
