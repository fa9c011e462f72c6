import { cgName } from '../../ir/cg-vocabulary.js';
import type { AtomicOp, ComputeGraph } from '../../ir/compute-graph.js';

/** What features call an operation: GENNAPE's name, with the kernel where it has one: `conv3x3`, `maxpool3x3`, `relu`. */
export function operationName(op: AtomicOp): string {
  switch (op.type) {
    case 'conv2d':
    case 'depthwise':
    case 'pool':
      return `${cgName(op)}${op.kernel.join('x')}`;
    case 'opaque':
    case 'reshape':
      return 'other';
    case 'resize':
      return 'resize';
    default:
      return cgName(op);
  }
}

/** Ends of the network are no operations. */
export function isEnd(op: AtomicOp): boolean {
  return op.type === 'input' || op.type === 'output';
}

/** The `count` operations that most nodes of these graphs have, most frequent first; equally frequent ones by name. */
export function frequentOperations(graphs: Iterable<ComputeGraph>, count: number): string[] {
  const times = new Map<string, number>();
  for (const { nodes } of graphs) {
    for (const { op } of nodes) {
      if (isEnd(op)) continue;
      const name = operationName(op);
      times.set(name, (times.get(name) ?? 0) + 1);
    }
  }
  const order = [...times].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return order.slice(0, count).map(([name]) => name);
}
