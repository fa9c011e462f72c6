import { MAX_NODES, type Topology } from './topology.js';

/*
 * Paths from an input to the output of a cell, given the mask of its allowed carriers. Work arrays are shared by all
 * calls: nothing here waits, so no call sees another's. Each takes O(edges), `heaviestPathOps` a small multiple of it.
 */
const FAR = 1000;
const distance = new Int32Array(MAX_NODES);
const firstBefore = new Int8Array(MAX_NODES);
const allBefore = new Int32Array(MAX_NODES);
const queue = new Uint8Array(32);

/** Edges on the shortest path whose every step is allowed; null where there is none. */
export function shortestPath(t: Topology, input: number, allowed: number): number | null {
  distance.fill(FAR, 0, t.nodeCount);
  distance[input] = 0;
  for (let e = 0; e < t.from.length; e++) {
    const needs = t.needs[e];
    if ((allowed & needs) !== needs) continue;
    const d = distance[t.from[e]] + 1;
    if (d < distance[t.to[e]]) distance[t.to[e]] = d;
  }
  return distance[t.output] < FAR ? distance[t.output] : null;
}

/** Edges on the longest path whose every step is allowed; null where there is none. */
export function longestPath(t: Topology, input: number, allowed: number): number | null {
  distance.fill(-1, 0, t.nodeCount);
  distance[input] = 0;
  for (let e = 0; e < t.from.length; e++) {
    const needs = t.needs[e];
    const before = distance[t.from[e]];
    if ((allowed & needs) !== needs || before < 0) continue;
    if (before + 1 > distance[t.to[e]]) distance[t.to[e]] = before + 1;
  }
  return distance[t.output] < 0 ? null : distance[t.output];
}

/**
 * How many allowed carriers lie on the lightest path, where an allowed carrier weighs -1 and any other step +1.
 * Equally light paths can hold different numbers of them, so which one is taken matters: the reference takes what
 * networkx's `bellman_ford_path` takes, and this does the same — a first-in-first-out queue, a node left out while one
 * of its predecessors waits in the queue, and the way back over each node's first predecessor. 0 where there is no path.
 */
export function heaviestPathOps(t: Topology, input: number, allowed: number): number {
  distance.fill(FAR, 0, t.nodeCount);
  allBefore.fill(0, 0, t.nodeCount);
  distance[input] = 0;
  queue[0] = input;
  let head = 0;
  let tail = 1;
  let queued = 1 << input;
  while (head !== tail) {
    const u = queue[head++ & 31];
    queued &= ~(1 << u);
    if ((allBefore[u] & queued) !== 0) continue;
    const du = distance[u];
    for (let e = t.starts[u]; e < t.starts[u + 1]; e++) {
      const v = t.to[e];
      const d = du + ((allowed & t.target[e]) !== 0 ? -1 : 1);
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
  if (distance[t.output] === FAR) return 0;
  let steps = 0;
  for (let v = t.output; v !== input; v = firstBefore[v]) steps++;
  return (steps - distance[t.output]) / 2;
}
