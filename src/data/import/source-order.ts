import type { SourceNode } from './source-network.js';

/** Nodes in an order in which each stands after what it reads. */
export interface SourceOrder {
  readonly order: readonly number[];
  /** `place name` of the inputs that had to be cut for it, since they lead back: loops of TensorFlow 1. */
  readonly cut: ReadonlySet<string>;
}

/**
 * The file's own order where that is one, else the nearest to it: of the nodes that are ready the first in the file
 * comes next. Takes O((nodes + edges) log nodes).
 */
export function definitionOrder(nodes: readonly SourceNode[], given: ReadonlyMap<string, unknown>): SourceOrder {
  const maker = new Map<string, number>();
  nodes.forEach(({ outputs }, place) => {
    for (const name of outputs) if (name !== '' && !maker.has(name)) maker.set(name, place);
  });
  const needs = nodes.map(({ inputs }) => {
    const from = new Set<number>();
    for (const name of inputs) {
      const by = given.has(name) ? undefined : maker.get(name);
      if (by !== undefined) from.add(by);
    }
    return from;
  });
  const after: number[][] = nodes.map(() => []);
  needs.forEach((from, to) => {
    for (const node of from) after[node].push(to);
  });
  const missing = needs.map((from) => from.size);
  const ready = new Smallest();
  missing.forEach((count, place) => {
    if (count === 0) ready.push(place);
  });
  const placed = new Uint8Array(nodes.length);
  const order: number[] = [];
  const cut = new Set<string>();
  let unplaced = 0;
  while (order.length < nodes.length) {
    let next = ready.pop();
    if (next === undefined) {
      while (placed[unplaced] === 1) unplaced++;
      next = unplaced;
      for (const name of nodes[next].inputs) {
        const by = given.has(name) ? undefined : maker.get(name);
        if (by !== undefined && placed[by] === 0) cut.add(`${next} ${name}`);
      }
    }
    if (placed[next] === 1) continue;
    placed[next] = 1;
    order.push(next);
    for (const to of after[next]) if (--missing[to] === 0 && placed[to] === 0) ready.push(to);
  }
  return { order, cut };
}

/** A heap of numbers, the smallest on top. */
class Smallest {
  private readonly heap: number[] = [];

  push(value: number): void {
    const { heap } = this;
    let at = heap.push(value) - 1;
    for (let up = (at - 1) >> 1; at > 0 && heap[up] > value; at = up, up = (at - 1) >> 1) heap[at] = heap[up];
    heap[at] = value;
  }

  pop(): number | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && heap[down + 1] < heap[down]) down++;
      if (heap[down] >= last) break;
      heap[at] = heap[down];
      at = down;
    }
    heap[at] = last;
    return top;
  }
}
