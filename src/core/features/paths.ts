import { from, MAX_NODES, openCarriers, sourceCarrier, type Topology, targetCarrier, to } from './topology.js';

/*
 * Paths from an input to the output of a cell, given the mask of its allowed carriers. Work arrays are shared by all
 * calls: nothing here waits, so no call sees another's. Each takes O(edges), Bellman-Ford a small multiple of it.
 * The loops do without branches: which edges are allowed is as good as random, and a wrong guess costs more than the sum.
 */
const FAR = 1 << 20;
const distance = new Int32Array(MAX_NODES);
const otherDistance = new Int32Array(MAX_NODES);

/** Edges on the shortest path whose every step is allowed; null where there is none. */
export function shortestPath({ nodeCount, output, edges }: Topology, input: number, allowed: number): number | null {
  const open = openCarriers(allowed);
  for (let i = 0; i < nodeCount; i++) distance[i] = FAR;
  distance[input] = 0;
  for (let e = 0; e < edges.length; e++) {
    const v = to(edges[e]);
    distance[v] = Math.min(distance[v], distance[from(edges[e])] + 1 + detour(edges[e], open));
  }
  return distance[output] < FAR ? distance[output] : null;
}

/** Edges on the longest path whose every step is allowed; null where there is none. */
export function longestPath({ nodeCount, output, edges }: Topology, input: number, allowed: number): number | null {
  const open = openCarriers(allowed);
  for (let i = 0; i < nodeCount; i++) distance[i] = -FAR;
  distance[input] = 0;
  for (let e = 0; e < edges.length; e++) {
    const v = to(edges[e]);
    distance[v] = Math.max(distance[v], distance[from(edges[e])] + 1 - detour(edges[e], open));
  }
  return distance[output] < 0 ? null : distance[output];
}

/** 0 on an edge that may be passed, else further than any path. */
function detour(edge: number, open: number): number {
  return (((open >> sourceCarrier(edge)) & (open >> targetCarrier(edge)) & 1) ^ 1) * FAR;
}

/**
 * How many allowed carriers lie on the lightest path, where an allowed carrier weighs -1 and any other step +1; 0 where
 * there is no path. Paths of equal weight can hold different numbers of carriers: then the one that the reference
 * takes counts.
 */
export function lightestPathOps(topology: Topology, input: number, allowed: number): number {
  const { nodeCount, output, edges } = topology;
  for (let i = 0; i < nodeCount; i++) {
    distance[i] = FAR;
    otherDistance[i] = FAR;
  }
  distance[input] = 0;
  otherDistance[input] = 0;
  // 64 times the weight, plus the length: of the lightest paths the shortest; minus the length: the longest.
  for (let e = 0; e < edges.length; e++) {
    const u = from(edges[e]);
    const v = to(edges[e]);
    const weight = 64 * stepWeight(edges[e], allowed);
    distance[v] = Math.min(distance[v], distance[u] + weight + 1);
    otherDistance[v] = Math.min(otherDistance[v], otherDistance[u] + weight - 1);
  }
  if (distance[output] > FAR / 2) return 0;
  const weight = (distance[output] + 32) >> 6;
  const shortest = distance[output] - 64 * weight;
  const longest = 64 * weight - otherDistance[output];
  const steps = shortest === longest ? shortest : stepsOfBellmanFord(topology, input, allowed);
  return (steps - weight) / 2;
}

function stepWeight(edge: number, allowed: number): number {
  return 1 - 2 * ((allowed >> targetCarrier(edge)) & 1);
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
      const d = distance[u] + stepWeight(edges[e], allowed);
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
