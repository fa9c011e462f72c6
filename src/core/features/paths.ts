import { from, MAX_NODES, openCarriers, sourceBit, type Topology, targetBit, to } from './topology.js';

/*
 * Paths from an input to the output of a cell, given the mask of its allowed carriers. Work arrays are shared by all
 * calls: nothing here waits, so no call sees another's. Each takes O(edges), `heaviestPathOps` a small multiple of it.
 */
const FAR = 1000;
const distance = new Int32Array(MAX_NODES);

/** Edges on the shortest path whose every step is allowed; null where there is none. */
export function shortestPath({ nodeCount, output, edges }: Topology, input: number, allowed: number): number | null {
  const open = openCarriers(allowed);
  for (let i = 0; i < nodeCount; i++) distance[i] = FAR;
  distance[input] = 0;
  for (let e = 0; e < edges.length; e++) {
    const edge = edges[e];
    if ((open & sourceBit(edge)) === 0 || (open & targetBit(edge)) === 0) continue;
    const d = distance[from(edge)] + 1;
    if (d < distance[to(edge)]) distance[to(edge)] = d;
  }
  return distance[output] < FAR ? distance[output] : null;
}

/** Edges on the longest path whose every step is allowed; null where there is none. */
export function longestPath({ nodeCount, output, edges }: Topology, input: number, allowed: number): number | null {
  const open = openCarriers(allowed);
  for (let i = 0; i < nodeCount; i++) distance[i] = -FAR;
  distance[input] = 0;
  for (let e = 0; e < edges.length; e++) {
    const edge = edges[e];
    if ((open & sourceBit(edge)) === 0 || (open & targetBit(edge)) === 0) continue;
    const d = distance[from(edge)] + 1;
    if (d > distance[to(edge)]) distance[to(edge)] = d;
  }
  return distance[output] < 0 ? null : distance[output];
}

/** `lengths[v]`: bit k is set when a lightest path to v has k edges. */
const lengths = new Int32Array(MAX_NODES);

/**
 * How many allowed carriers lie on the lightest path, where an allowed carrier weighs -1 and any other step +1; 0 where
 * there is no path. Paths of equal weight can hold different numbers of carriers: then the one that the reference
 * takes counts.
 */
export function heaviestPathOps(topology: Topology, input: number, allowed: number): number {
  const { nodeCount, output, edges } = topology;
  for (let i = 0; i < nodeCount; i++) distance[i] = FAR;
  distance[input] = 0;
  lengths[input] = 1;
  for (let e = 0; e < edges.length; e++) {
    const edge = edges[e];
    const before = distance[from(edge)];
    if (before === FAR) continue;
    const d = before + ((allowed & targetBit(edge)) !== 0 ? -1 : 1);
    const v = to(edge);
    if (d < distance[v]) {
      distance[v] = d;
      lengths[v] = lengths[from(edge)] << 1;
    } else if (d === distance[v]) {
      lengths[v] |= lengths[from(edge)] << 1;
    }
  }
  const weight = distance[output];
  if (weight === FAR) return 0;
  const length = lengths[output];
  const oneLength = (length & (length - 1)) === 0;
  const steps = oneLength ? 31 - Math.clz32(length) : stepsOfBellmanFord(topology, input, allowed);
  return (steps - weight) / 2;
}

const starts = new Uint16Array(MAX_NODES + 1);
const firstBefore = new Int8Array(MAX_NODES);
const allBefore = new Int32Array(MAX_NODES);
const queue = new Uint8Array(32);

/**
 * Edges on the lightest path that networkx's `bellman_ford_path` finds: a first-in-first-out queue, a node left out while
 * one of its predecessors waits in the queue, and the way back over each node's first predecessor. There must be a path.
 */
export function stepsOfBellmanFord({ nodeCount, output, edges }: Topology, input: number, allowed: number): number {
  starts.fill(0, 0, nodeCount + 1);
  for (let e = 0; e < edges.length; e++) starts[from(edges[e]) + 1]++;
  for (let i = 0; i < nodeCount; i++) {
    starts[i + 1] += starts[i];
    distance[i] = FAR;
    allBefore[i] = 0;
  }
  distance[input] = 0;
  queue[0] = input;
  let head = 0;
  let tail = 1;
  let queued = 1 << input;
  while (head !== tail) {
    const u = queue[head++ & 31];
    queued &= ~(1 << u);
    if ((allBefore[u] & queued) !== 0) continue;
    for (let e = starts[u]; e < starts[u + 1]; e++) {
      const v = to(edges[e]);
      const d = distance[u] + ((allowed & targetBit(edges[e])) !== 0 ? -1 : 1);
      if (d < distance[v]) {
        distance[v] = d;
        firstBefore[v] = u;
        allBefore[v] = 1 << u;
        if ((queued & (1 << v)) === 0) {
          queue[tail++ & 31] = v;
          queued |= 1 << v;
        }
      } else if (d === distance[v]) {
        allBefore[v] |= 1 << u;
      }
    }
  }
  let steps = 0;
  for (let v = output; v !== input; v = firstBefore[v]) steps++;
  return steps;
}
