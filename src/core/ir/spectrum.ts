import { type BandMatrix, smallestEigenvalues, tridiagonalised } from './band-matrix.js';
import { type ComputeGraph, computeEdges } from './compute-graph.js';
import { smallestByLanczos } from './lanczos.js';

/** As many eigenvalues as GENNAPE compares graphs by. */
export const SPECTRUM_SIZE = 21;

/** Above so many operations (a second or two) the whole matrix is not reduced any more: Lanczos's method takes over. */
const MOST_WORK = 1e9;
/** Above so many, for its factors, or as many entries, that is not tried either. */
const MOST_FACTOR_WORK = 2e9;
const MOST_ENTRIES = 2e7;

/**
 * The smallest eigenvalues of the normalised Laplacian I − D^−1/2 A D^−1/2 of the graph without directions, ascending,
 * each as often as it occurs. A node without edges has a row of zeros, as in networkx.
 * @param count how many; fewer come when the graph has fewer nodes.
 * @returns numbers in 0..2; null when it was not computed because the graph is too large: from some 100,000 nodes for a
 * chain of cells, from a few thousand where each node has hundreds of neighbours.
 * Takes some 3 ms for 200 nodes, half a second for 1,000, a second or two for 10,000. @see GENNAPE, arXiv 2211.17226, section 4.2.
 */
export function laplacianSpectrum(graph: ComputeGraph, count: number = SPECTRUM_SIZE): Float64Array | null {
  return spectrumOf(graph.nodes.length, computeEdges(graph), count);
}

/** The same for any graph without directions: `size` nodes and the pairs of them that are joined, each once. */
export function spectrumOf(
  size: number,
  pairs: readonly (readonly [number, number])[],
  count: number = SPECTRUM_SIZE,
): Float64Array | null {
  const neighbours: number[][] = Array.from({ length: size }, () => []);
  for (const [from, to] of pairs) {
    neighbours[from].push(to);
    neighbours[to].push(from);
  }
  const order = narrowOrder(neighbours);
  let width = 0;
  for (const [from, to] of pairs) width = Math.max(width, Math.abs(order[from] - order[to]));
  if (6 * size * size * width > MOST_WORK) {
    const small = size * width * width <= MOST_FACTOR_WORK && size * (width + 1) <= MOST_ENTRIES;
    return small ? smallestByLanczos(laplacian(neighbours, order, width), count) : null;
  }
  return smallestEigenvalues(tridiagonalised(laplacian(neighbours, order, width)), count, 0, 2);
}

function laplacian(neighbours: readonly (readonly number[])[], order: Int32Array, width: number): BandMatrix {
  const size = neighbours.length;
  const diagonals = Array.from({ length: width + 1 }, () => new Float64Array(size));
  neighbours.forEach((near, node) => {
    if (near.length > 0) diagonals[0][order[node]] = 1;
    for (const other of near) {
      const down = order[node] - order[other];
      if (down > 0) diagonals[down][order[other]] = -1 / Math.sqrt(near.length * neighbours[other].length);
    }
  });
  return { size, diagonals };
}

/**
 * New numbers under which neighbours stand near each other: breadth first from a node at one end, those with few
 * neighbours first. @see Cuthill and McKee 1969; the end is found as by George and Liu 1979.
 */
function narrowOrder(neighbours: readonly (readonly number[])[]): Int32Array {
  const order = new Int32Array(neighbours.length).fill(-1);
  let next = 0;
  for (let start = 0; start < neighbours.length; start++) {
    if (order[start] >= 0) continue;
    for (const node of breadthFirst(neighbours, endOf(neighbours, start))) order[node] = next++;
  }
  return order;
}

/** Breadth first twice: the last node of the first walk is about as far away as there is. */
function endOf(neighbours: readonly (readonly number[])[], start: number): number {
  const walk = breadthFirst(neighbours, start);
  return walk[walk.length - 1];
}

function breadthFirst(neighbours: readonly (readonly number[])[], start: number): number[] {
  const walk = [start];
  const seen = new Set(walk);
  for (let i = 0; i < walk.length; i++) {
    const near = neighbours[walk[i]].filter((node) => !seen.has(node));
    near.sort((a, b) => neighbours[a].length - neighbours[b].length || a - b);
    for (const node of near) {
      if (seen.has(node)) continue;
      seen.add(node);
      walk.push(node);
    }
  }
  return walk;
}
