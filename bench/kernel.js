import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../dist/data/temporary-folder.js';
import { startKernel } from '../dist/kernel/kernel-client.js';

export const name = 'kernel';
export const says = 'start, import, small cells, memory and leftovers of the notebook kernel';

const STARTS = 5;
const CELLS = 1000;
const CYCLES = 20;
/** A folder in which stock tslab finds this package too. */
const cwd = fileURLToPath(new URL('../notebooks/', import.meta.url));
const IMPORT = "import * as lab from 'nascope';";

/** @typedef {{ readonly label: string, readonly options: Partial<import('../dist/kernel/kernel-client.js').StartOptions> }} Kernel */

/** Times here are wall clock: a kernel is another process, and its user waits. @type {import('./contract.d.ts').Bench['run']} */
export async function run({ peer, onProgress }) {
  const folder = temporaryFolder('bench');
  try {
    const ours = { label: 'nascope', options: {} };
    /** @type {Kernel[]} */
    const peers = peer ? [{ label: 'stock tslab', options: { kernel: 'tslab' } }, ...deno(folder.path)] : [];
    const total = 2 * STARTS * (1 + peers.length) + 1 + peers.length + CYCLES;
    let done = 0;
    const step = (/** @type {string} */ label) => onProgress?.({ done: ++done, total, label });

    const first = await starts([ours, ...peers], '1 + 1', step);
    const imports = await starts([ours, ...peers.filter(({ label }) => label !== 'Deno')], IMPORT, step);
    const rows = [...compared('start and the cell 1 + 1', first, peers), ...compared(`start and ${IMPORT}`, imports, peers)];
    const sessions = [];
    for (const kernel of [ours, ...peers]) {
      sessions.push({ label: kernel.label, ...(await smallCells(kernel)) });
      step('cells');
    }
    const [mine, ...others] = sessions;
    for (const other of others.length > 0 ? others : [null]) {
      rows.push(
        row(
          `${CELLS} cells "let x = i; x + 1"`,
          mine.ms,
          CELLS,
          'cells/s',
          other === null ? null : { label: other.label, ms: other.ms },
          `RSS from cell 100 to cell ${CELLS}: ours ${mine.growth} MB more${other === null ? '' : `, ${other.label} ${other.growth} MB more`}`,
        ),
      );
    }
    const left = await cycles(step);
    rows.push(
      row(
        `${CYCLES} starts and shutdowns`,
        left.ms,
        CYCLES,
        'cycles/s',
        null,
        `${left.alive} processes left behind; exit codes ${left.codes.join(' ')}`,
      ),
    );
    return rows;
  } finally {
    folder.remove();
  }
}

/** Starts of the kernels in turn, so that a busy machine is busy for all. */
async function starts(
  /** @type {readonly Kernel[]} */ kernels,
  /** @type {string} */ code,
  /** @type {(label: string) => void} */ step,
) {
  /** @type {Map<string, number[]>} */
  const times = new Map(kernels.map(({ label }) => [label, []]));
  for (let i = 0; i < STARTS; i++) {
    for (const { label, options } of kernels) {
      const began = performance.now();
      const kernel = await startKernel({ cwd, ...options });
      const reply = await kernel.execute(code, () => {});
      times.get(label)?.push(performance.now() - began);
      await kernel.shutdown();
      if (reply.status !== 'ok') throw new Error(`${label} does not run ${code}`);
      step(label);
    }
  }
  return times;
}

function compared(
  /** @type {string} */ task,
  /** @type {Map<string, number[]>} */ times,
  /** @type {readonly Kernel[]} */ peers,
) {
  const ours = /** @type {number[]} */ (times.get('nascope'));
  const note = `median of ${STARTS}, wall time; least ${Math.round(Math.min(...ours))} ms`;
  const others = peers.filter(({ label }) => times.has(label));
  if (others.length === 0) return [row(task, median(ours), 1, 'starts/s', null, note)];
  return others.map(({ label }) =>
    row(task, median(ours), 1, 'starts/s', { label, ms: median(/** @type {number[]} */ (times.get(label))) }, note),
  );
}

async function smallCells(/** @type {Kernel} */ { options }) {
  const kernel = await startKernel({ cwd, ...options });
  let at100 = 0;
  const began = performance.now();
  for (let i = 1; i <= CELLS; i++) {
    await kernel.execute(`let x = ${i};\nx + 1`, () => {});
    if (i === 100) at100 = residentMb(kernel.process.pid);
  }
  const ms = performance.now() - began;
  const growth = Math.round(residentMb(kernel.process.pid) - at100);
  await kernel.shutdown();
  return { ms, growth };
}

async function cycles(/** @type {(label: string) => void} */ step) {
  const pids = [];
  const codes = new Set();
  const began = performance.now();
  for (let i = 0; i < CYCLES; i++) {
    const kernel = await startKernel({ cwd });
    await kernel.execute('1 + 1', () => {});
    await kernel.shutdown();
    const { code, signal } = await kernel.process.exited;
    codes.add(signal ?? code);
    pids.push(kernel.process.pid);
    step('cycles');
  }
  return { ms: performance.now() - began, alive: pids.filter(isAlive).length, codes: [...codes] };
}

/** @returns {import('./contract.d.ts').BenchRow} */
function row(
  /** @type {string} */ task,
  /** @type {number} */ ms,
  /** @type {number} */ count,
  /** @type {string} */ unit,
  /** @type {{ readonly label: string, readonly ms: number } | null} */ peer,
  /** @type {string} */ note,
) {
  return {
    task,
    ours_ms: Math.round(ms),
    unit_per_s: { value: Number(((count / ms) * 1000).toPrecision(3)), unit },
    peer_ms: peer === null ? null : Math.round(peer.ms),
    ratio: peer === null ? null : Number((peer.ms / ms).toPrecision(3)),
    peer: peer === null ? null : `${peer.label}, run in turns`,
    note,
  };
}

/** Deno's kernel, installed for this run only; none where that fails. @returns {Kernel[]} */
function deno(/** @type {string} */ folder) {
  const made = spawnSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', folder, 'deno@2.9.6'], {
    stdio: 'ignore',
    shell: process.platform === 'win32',
  });
  const program = join(folder, 'node_modules', '.bin', 'deno');
  if (made.status !== 0 || spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0) return [];
  return [
    { label: 'Deno', options: { command: [program, 'jupyter', '--kernel', '--conn'], env: { DENO_DIR: join(folder, 'deno') } } },
  ];
}

/** Linux only; elsewhere NaN. */
function residentMb(/** @type {number} */ pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function median(/** @type {readonly number[]} */ values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
