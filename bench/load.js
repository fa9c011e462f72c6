import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedPath } from '../dist/data/cache-folder.js';
import { load } from '../dist/data/load.js';
import { manifestFile } from '../dist/data/manifest.js';
import { benchmarks } from '../dist/data/registry.js';
import { leastOf, timingNote } from './clock.js';

export const name = 'load';
export const says = 'loading NAS-Bench-201: from its cached table, and by importing the published files';

/**
 * Needs the published files: in the cache, from NASCOPE_MIRROR, or from the network. The tables that are timed lie in a
 * folder of this run's own, so that nothing of the user's is thrown away. The peer is pandas on the same files, under
 * NASCOPE_PEER_PYTHON or `python3`.
 * @param {import('./contract.d.ts').BenchOptions} options
 * @returns {Promise<readonly import('./contract.d.ts').BenchRow[]>}
 */
export async function run({ peer, onProgress }) {
  const before = process.env.NASCOPE_DATA;
  const folder = mkdtempSync(join(tmpdir(), 'nascope-bench-'));
  const tables = join(folder, 'tables');
  process.env.NASCOPE_DATA = folder;
  try {
    const bench = await load('nasbench201', { pull: true, onProgress });
    if (bench.size !== 15_625 || bench.columns.length !== 72)
      throw new Error(`unexpected table: ${bench.size} x ${bench.columns.length}`);
    const what = `NAS-Bench-201 cifar10, ${bench.size.toLocaleString('en')} nets, ${bench.columns.length} columns`;

    const first = peer ? pandas(tables) : null;
    const imported = await leastOf(
      () => {
        rmSync(tables, { recursive: true, force: true });
        return load('nasbench201');
      },
      { repeats: 3 },
    );
    const cached = await leastOf(() => load('nasbench201'));
    const graphs = await leastOf(async () => (await load('nasbench201')).graphs);
    const second = peer ? pandas(tables) : null;
    const theirs = first && second && { table: Math.min(first.table, second.table), files: Math.min(first.files, second.files) };
    const absent = peer && !theirs ? 'peer not installed: Python with pandas and pyarrow' : '';
    return [
      row(`${what}: from the cached table`, cached, theirs?.table ?? null, absent || 'content-hashed, every architecture parsed'),
      row(`${what}: the same and all graphs`, graphs, null, ''),
      row(
        `${what}: import of the published files`,
        imported,
        theirs?.files ?? null,
        absent || 'ours also checks hashes and agreement, and writes the table',
      ),
    ];
  } finally {
    if (before === undefined) delete process.env.NASCOPE_DATA;
    else process.env.NASCOPE_DATA = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

const PEER = `
import io, json, sys, time, zipfile
import pandas, pyarrow.feather
table, *files = sys.argv[1:]
def read(path):
    if path.endswith('.csv'):
        return pandas.read_csv(path)
    with zipfile.ZipFile(path) as z:
        return pandas.DataFrame([net for name in z.namelist() if '--cifar10--' in name for net in json.loads(z.read(name))])
def least(work):
    times = []
    for _ in range(5):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return min(times)
print(json.dumps({
    'table': least(lambda: pyarrow.feather.read_feather(table, memory_map=False)),
    'files': least(lambda: [read(f) for f in files]),
}))
`;

/**
 * Least CPU milliseconds of pandas: reading our Arrow table, and reading the published files; null where it is not installed.
 * @param {string} tables
 * @returns {{ table: number, files: number } | null}
 */
function pandas(tables) {
  const table = join(tables, readdirSync(tables)[0]);
  const files = benchmarks.nasbench201.files('cifar10').map((id) => cachedPath(manifestFile(id)));
  const { status, stdout } = spawnSync(process.env.NASCOPE_PEER_PYTHON ?? 'python3', ['-c', PEER, table, ...files], {
    encoding: 'utf8',
  });
  return status === 0 ? JSON.parse(stdout) : null;
}

/**
 * @param {string} task
 * @param {{ cpu: number, wall: number }} timing
 * @param {number | null} peerMs
 * @param {string} more
 * @returns {import('./contract.d.ts').BenchRow}
 */
function row(task, timing, peerMs, more) {
  return {
    task,
    ours_ms: timing.cpu,
    unit_per_s: { value: Math.round(15_625 / (timing.cpu / 1000)), unit: 'nets/s' },
    peer_ms: peerMs,
    ratio: peerMs === null ? null : peerMs / timing.cpu,
    peer: peerMs === null ? null : 'pandas on the same files, run here',
    note: timingNote(timing, more),
  };
}
