import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '../dist/data/load.js';
import { leastOf, timingNote } from './clock.js';

export const name = 'load';
export const says = 'loading NAS-Bench-201: from its cached table, and by importing the published files';

/**
 * Needs the published files: in the cache, from NASCOPE_MIRROR, or from the network. The tables that are timed lie in a
 * folder of this run's own, so that nothing of the user's is thrown away.
 * @param {import('./contract.d.ts').BenchOptions} options
 * @returns {Promise<readonly import('./contract.d.ts').BenchRow[]>}
 */
export async function run({ onProgress }) {
  const before = process.env.NASCOPE_DATA;
  const folder = mkdtempSync(join(tmpdir(), 'nascope-bench-'));
  const tables = join(folder, 'tables');
  process.env.NASCOPE_DATA = folder;
  try {
    const bench = await load('nasbench201', { pull: true, onProgress });
    if (bench.size !== 15_625 || bench.columns.length !== 72)
      throw new Error(`unexpected table: ${bench.size} x ${bench.columns.length}`);
    const what = `NAS-Bench-201 cifar10, ${bench.size.toLocaleString('en')} nets, ${bench.columns.length} columns`;

    const imported = await leastOf(
      () => {
        rmSync(tables, { recursive: true, force: true });
        return load('nasbench201');
      },
      { repeats: 3 },
    );
    const cached = await leastOf(() => load('nasbench201'));
    const graphs = await leastOf(async () => (await load('nasbench201')).graphs);
    return [
      row(`${what}: from the cached table`, cached, 'every column decoded and content-hashed, every architecture parsed'),
      row(`${what}: the same and all graphs`, graphs, ''),
      row(
        `${what}: import of the published files`,
        imported,
        'hash-checked CSV and zip files, agreement checked, Arrow table written',
      ),
    ];
  } finally {
    if (before === undefined) delete process.env.NASCOPE_DATA;
    else process.env.NASCOPE_DATA = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} task
 * @param {{ cpu: number, wall: number }} timing
 * @param {string} more
 * @returns {import('./contract.d.ts').BenchRow}
 */
function row(task, timing, more) {
  return {
    task,
    ours_ms: timing.cpu,
    unit_per_s: { value: 15_625 / (timing.cpu / 1000), unit: 'nets/s' },
    peer_ms: null,
    ratio: null,
    peer: null,
    note: timingNote(timing, more),
  };
}
