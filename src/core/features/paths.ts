import { from, MAX_CARRIERS, MAX_NODES, openCarriers, sourceCarrier, type Topology, targetCarrier, to } from './topology.js';

/*
 * Paths from an input to the output of a cell, for every mask of allowed carriers at once: the inner loops run over the
 * masks and have no branches. Work arrays are shared by all calls: nothing here waits, so no call sees another's.
 */
const FAR = 1 << 20;
/** For `masks` masks, node v's distance under mask m is at `v * masks + m`. */
const distance = new Int32Array(MAX_NODES << MAX_CARRIERS);
const otherDistance = new Int32Array(MAX_NODES << MAX_CARRIERS);
/** The edges of a walk. */
const walked = new Int32Array((MAX_NODES * (MAX_NODES - 1)) / 2);

/** Edges on the shortest path whose every step is allowed, `none` where there is no such path. O(edges × masks). */
export function shortestPaths(topology: Topology, input: number, lengths: Int8Array, none: number): void {
  lightestPaths(topology, input, 1, lengths, none);
}

/** Edges on the longest path whose every step is allowed, `none` where there is no such path. O(edges × masks). */
export function longestPaths(topology: Topology, input: number, lengths: Int8Array, none: number): void {
  lightestPaths(topology, input, -1, lengths, none);
}

/** Edges on the path that weighs least where each edge weighs `step`. */
function lightestPaths(topology: Topology, input: number, step: 1 | -1, lengths: Int8Array, none: number): void {
  const { nodeCount, output } = topology;
  const masks = lengths.length;
  setOut(distance, nodeCount, input, masks);
  const count = walk(topology, input);
  for (let e = 0; e < count; e++) {
    const edge = walked[e];
    const u = from(edge) * masks;
    const v = to(edge) * masks;
    for (let m = 0; m < masks; m++) {
      distance[v + m] = Math.min(distance[v + m], distance[u + m] + step + detour(edge, m));
    }
  }
  for (let m = 0; m < masks; m++) {
    const weight = distance[output * masks + m];
    lengths[m] = weight < FAR / 2 ? step * weight : none;
  }
}

/** Under every mask, the input at 0 and all other nodes far away. */
function setOut(distances: Int32Array, nodeCount: number, input: number, masks: number): void {
  distances.fill(FAR, 0, nodeCount * masks);
  distances.fill(0, input * masks, (input + 1) * masks);
}

/** Writes the edges that a walk from the input meets into `walked`, in topological order; gives their number. */
function walk({ edges }: Topology, input: number): number {
  let count = 0;
  let reached = 1 << input;
  for (let e = 0; e < edges.length; e++) {
    if (((reached >> from(edges[e])) & 1) === 0) continue;
    reached |= 1 << to(edges[e]);
    walked[count++] = edges[e];
  }
  return count;
}

/** 0 on an edge that may be passed, else further than any path. */
function detour(edge: number, allowed: number): number {
  const open = openCarriers(allowed);
  return (((open >> sourceCarrier(edge)) & (open >> targetCarrier(edge)) & 1) ^ 1) * FAR;
}

/**
 * How many allowed carriers lie on the lightest path, where an allowed carrier weighs -1 and any other step +1; 0 where
 * there is no path. Paths of equal weight can hold different numbers of carriers: then the one that the reference
 * takes counts. O(edges × masks), Bellman-Ford for those masks only.
 */
export function lightestPathOps(topology: Topology, input: number, counts: Int8Array): void {
  const { nodeCount, output } = topology;
  const masks = counts.length;
  // 64 times the weight, plus the length: of the lightest paths the shortest; minus the length: the longest.
  setOut(distance, nodeCount, input, masks);
  setOut(otherDistance, nodeCount, input, masks);
  const count = walk(topology, input);
  for (let e = 0; e < count; e++) {
    const edge = walked[e];
    const u = from(edge) * masks;
    const v = to(edge) * masks;
    for (let m = 0; m < masks; m++) {
      const weight = 64 * stepWeight(edge, m);
      distance[v + m] = Math.min(distance[v + m], distance[u + m] + weight + 1);
      otherDistance[v + m] = Math.min(otherDistance[v + m], otherDistance[u + m] + weight - 1);
    }
  }
  for (let m = 0; m < masks; m++) {
    const lightest = distance[output * masks + m];
    const weight = (lightest + 32) >> 6;
    const shortest = lightest - 64 * weight;
    const longest = 64 * weight - otherDistance[output * masks + m];
    if (lightest > FAR / 2) counts[m] = 0;
    else counts[m] = ((shortest === longest ? shortest : stepsOfBellmanFord(topology, input, m)) - weight) / 2;
  }
}

/** An allowed carrier at an edge's end weighs -1, anything else +1. */
function stepWeight(edge: number, allowed: number): number {
  return 1 - 2 * ((allowed >> targetCarrier(edge)) & 1);
}

const weightTo = new Int32Array(MAX_NODES);
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
    weightTo[i] = FAR;
    allBefore[i] = 0;
  }
  weightTo[input] = 0;
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
      const d = weightTo[u] + stepWeight(edges[e], allowed);
      if (d < weightTo[v]) {
        weightTo[v] = d;
        firstBefore[v] = u;
        allBefore[v] = 1 << u;
        if ((queued & (1 << v)) === 0) {
          queue[tail++ & 31] = v;
          queued |= 1 << v;
        }
      } else if (d === weightTo[v]) {
        allBefore[v] |= 1 << u;
      }
    }
  }
  let steps = 0;
  for (let v = output; v !== input; v = firstBefore[v]) steps++;
  return steps;
}
