import { md5 } from '../base/md5.js';

/**
 * A NAS-Bench-101 cell as numbers. Vertex 0 is the input, the last one the output, edges go from earlier to later
 * vertices only.
 */
export interface Nb101Spec {
  /** Bit j of `rows[i]` is the edge i -> j. */
  readonly rows: readonly number[];
  /** NASLib operation numbers: 0 input, 1 output, 2 maxpool3x3, 3 conv1x1-bn-relu, 4 conv3x3-bn-relu. */
  readonly ops: readonly number[];
}

export const MOST_VERTICES = 7;
export const MOST_EDGES = 9;

export function edgeCount(spec: Nb101Spec): number {
  return spec.rows.reduce((sum, row) => sum + bitCount(row), 0);
}

/** Bit i is set when vertex i lies on a path from the input to the output. */
export function onPath(rows: readonly number[]): number {
  const last = rows.length - 1;
  let reached = 1;
  for (let i = 0; i <= last; i++) if ((reached >> i) & 1) reached |= rows[i];
  let reaching = 1 << last;
  for (let i = last - 1; i >= 0; i--) if (rows[i] & reaching) reaching |= 1 << i;
  return reached & reaching;
}

/** Whether a matrix is one of the space: every vertex on a path, and not too many edges. */
export function isPruned(rows: readonly number[]): boolean {
  return onPath(rows) === (1 << rows.length) - 1 && edgeCount({ rows, ops: [] }) <= MOST_EDGES;
}

/** The cell without the vertices that lie on no path from input to output; the others keep their order. */
export function prune(spec: Nb101Spec): Nb101Spec {
  const kept = onPath(spec.rows);
  const vertices = spec.rows.flatMap((_, i) => ((kept >> i) & 1 ? [i] : []));
  return {
    rows: vertices.map((from) => vertices.reduce((row, to, j) => row | (((spec.rows[from] >> to) & 1) << j), 0)),
    ops: vertices.map((i) => spec.ops[i]),
  };
}

/** The official numbers of input, output, maxpool3x3, conv1x1 and conv3x3 in the graph hash. */
const HASH_LABELS = [-1, -2, 2, 1, 0];

/**
 * The official graph hash: equal for isomorphic cells.
 * @param spec pruned.
 * @see google-research/nasbench, nasbench/lib/graph_util.py, `hash_module`.
 */
export function graphHash(spec: Nb101Spec): string {
  const { rows, ops } = spec;
  const vertices = rows.map((_, i) => i);
  const out = vertices.map((i) => vertices.filter((j) => (rows[i] >> j) & 1));
  const into = vertices.map((j) => vertices.filter((i) => (rows[i] >> j) & 1));
  let hashes = vertices.map((i) => md5(`(${out[i].length}, ${into[i].length}, ${HASH_LABELS[ops[i]]})`));
  for (let round = 0; round < rows.length; round++) {
    const joined = (of: number[]): string =>
      of
        .map((i) => hashes[i])
        .sort()
        .join('');
    hashes = vertices.map((i) => md5(`${joined(into[i])}|${joined(out[i])}|${hashes[i]}`));
  }
  return md5(
    `[${hashes
      .sort()
      .map((hash) => `'${hash}'`)
      .join(', ')}]`,
  );
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
