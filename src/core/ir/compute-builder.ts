import { type AtomicOp, type ComputeGraph, type ComputeNode, NORMALISERS, type TensorShape } from './compute-graph.js';
import { shapeAfter } from './shapes.js';

/** A computation graph while it is being written down, node after node; knows each node's shape at once. */
export class ComputeBuilder {
  private readonly nodes: ComputeNode[] = [];
  private readonly shapes: TensorShape[] = [];

  /**
   * Adds a node. Inputs of a sum are put in order of definition, since that is all that a file keeps of them.
   * @param reads see `ComputeNode.reads`.
   * @returns its place. @throws ShapeError when the inputs do not fit the operation.
   */
  add(op: AtomicOp, inputs: readonly number[], name: string, reads: TensorShape | null = null): number {
    const taken = op.type === 'add' ? [...inputs].sort((a, b) => a - b) : inputs;
    const seen = taken.map((input) => reads ?? this.shapes[input]);
    this.shapes.push(shapeAfter(op, seen, name));
    return this.nodes.push({ name, op, inputs: taken, reads }) - 1;
  }

  /** What a node gives. */
  shape(node: number): TensorShape {
    return this.shapes[node];
  }

  graph(name: string): ComputeGraph {
    return { kind: 'compute-graph', name, nodes: [...this.nodes], normalisers: NORMALISERS };
  }
}
