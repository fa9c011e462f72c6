import type { Rng } from '../base/rng.js';
import type { Edge, EdgeGraph, Vocabulary } from '../ir/cell-graph.js';
import type { ArchId } from './space.js';
import { type NumberRange, writeTuple } from './tuple.js';

/**
 * The cell that NAS-Bench-201 and TransNAS-Bench-101 micro share: four nodes, the first its input, the last its
 * output, and an operation on each of the six edges from a lower to a higher node. The two spaces differ in the
 * operations and in the order in which a tuple names the edges.
 */
export interface FourNodeCell<Id extends string> {
  readonly range: NumberRange;
  readonly size: number;
  /** Whether a text is already an `ArchId`, blanks and all. */
  isArch(text: string): text is ArchId<Id>;
  write(ops: readonly number[]): ArchId<Id>;
  /** Operation numbers in tuple order. */
  ops(arch: ArchId<Id>): number[];
  toGraph(arch: ArchId<Id>): EdgeGraph;
  sample(rng: Rng): ArchId<Id>;
  all(): Iterable<ArchId<Id>>;
  neighbours(arch: ArchId<Id>): ArchId<Id>[];
  canonical(arch: ArchId<Id>): ArchId<Id>;
}

/** @param order the ends of the edges in tuple order, nodes counted from 0. */
export function fourNodeCell<Id extends string>(
  id: Id,
  vocabulary: Vocabulary,
  order: readonly (readonly [number, number])[],
): FourNodeCell<Id> {
  const opCount = vocabulary.ops.length;
  const zero = vocabulary.ops.indexOf(vocabulary.zero ?? '');
  const range: NumberRange = { count: order.length, low: 0, high: opCount - 1, says: 'an operation' };
  const written = new RegExp(`^\\([0-${opCount - 1}](?:, [0-${opCount - 1}]){${order.length - 1}}\\)$`);
  // Every graph of the space is six of these edges, so that graphs cost little and their operations compare by identity.
  const edges: Edge[][] = order.map(([from, to]) => vocabulary.ops.map((op) => Object.freeze({ from, to, op })));
  const nodeNames = Object.freeze(['1', '2', '3', '4']);
  const inputs = Object.freeze([0]);
  const into = (node: number): number[] => order.flatMap(([, to], k) => (to === node ? [k] : []));
  const outOf = (node: number): number[] => order.flatMap(([from], k) => (from === node ? [k] : []));
  const inner = [1, 2].map((node) => ({ into: into(node), outOf: outOf(node) }));

  const write = (ops: readonly number[]): ArchId<Id> => writeTuple(ops) as ArchId<Id>;
  const ops = (arch: ArchId<Id>): number[] => order.map((_, k) => arch.charCodeAt(3 * k + 1) - 48);
  const allZero = (of: readonly number[], positions: readonly number[]): boolean => positions.every((k) => of[k] === zero);

  return {
    range,
    size: opCount ** order.length,
    isArch: (text): text is ArchId<Id> => written.test(text),
    write,
    ops,
    toGraph: (arch) => ({
      kind: 'edge-ops',
      space: id,
      vocabulary,
      nodeCount: 4,
      nodeNames,
      inputs,
      output: 3,
      edges: edges.map((byOp, k) => byOp[arch.charCodeAt(3 * k + 1) - 48]),
    }),
    sample: (rng) => write(order.map(() => rng.int(opCount))),
    *all() {
      const tuple = order.map(() => 0);
      for (let i = 0; i < opCount ** order.length; i++) {
        for (let k = order.length - 1, rest = i; k >= 0; k--, rest = Math.floor(rest / opCount)) tuple[k] = rest % opCount;
        yield write(tuple);
      }
    },
    neighbours(arch) {
      const here = ops(arch);
      return here.flatMap((old, k) =>
        vocabulary.ops.flatMap((_, op) => (op === old ? [] : [write(here.map((o, j) => (j === k ? op : o)))])),
      );
    },
    canonical(arch) {
      const cell = ops(arch);
      for (const node of inner) if (allZero(cell, node.into)) for (const k of node.outOf) cell[k] = zero;
      for (const node of [...inner].reverse()) if (allZero(cell, node.outOf)) for (const k of node.into) cell[k] = zero;
      return write(cell);
    },
  };
}
