import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { timingNote } from './clock.js';

export const name = 'memory';
export const says = 'all of NAS-Bench-101 within 1 GB: the features of as many cells, a forest, its predictions';

/** As many as NAS-Bench-101 has that are not isomorphic; here drawn at random from its space. */
const CELLS = 423_624;
const COLUMNS = 47;
const TRAIN = 1_024;
const CEILING_BYTES = 1e9;

/**
 * Runs in a process of its own, whose peak memory is the system's own count of what it held at most.
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export async function run({ onProgress }) {
  onProgress?.({ done: 0, total: 1, label: `${CELLS.toLocaleString('en')} cells` });
  const { stages, columns, tableBytes, tau } = await measured();
  if (columns !== COLUMNS) throw new Error(`expected ${COLUMNS} columns, got ${columns}`);
  // The columns that the made-up target follows are among those given: no forest misses them.
  if (!(tau > 0.5)) throw new Error(`forest of ${TRAIN} cells: tau ${tau}, expected more than 0.5`);
  const peak = stages[stages.length - 1].peakBytes;
  if (peak > CEILING_BYTES) throw new Error(`peak memory ${megabytes(peak)}, allowed ${megabytes(CEILING_BYTES)}`);
  onProgress?.({ done: 1, total: 1 });

  const cells = CELLS.toLocaleString('en');
  const tasks = {
    features: { task: `draw ${cells} random valid NB101 cells, ${columns} GRAF columns`, count: CELLS, unit: 'cells/s' },
    fit: {
      task: `fit ${TRAIN.toLocaleString('en')} of them, 100 full-depth trees, made-up target`,
      count: TRAIN,
      unit: 'cells/s',
    },
    predict: { task: `predict all ${cells} with the forest`, count: CELLS, unit: 'cells/s' },
  };
  return stages.flatMap((stage, i) => {
    if (!(stage.name in tasks)) return [];
    const { task, count, unit } = tasks[/** @type {keyof typeof tasks} */ (stage.name)];
    const grown = `${megabytes(stage.peakBytes - stages[i - 1].peakBytes)} more than before`;
    const table =
      stage.name === 'features' ? `; the table ${megabytes(tableBytes)}, ${Math.round(tableBytes / CELLS)} bytes a row` : '';
    const memory = `peak memory ${megabytes(stage.peakBytes)} of ${megabytes(CEILING_BYTES)} allowed, ${grown}${table}; one run, cold`;
    return [
      {
        task,
        ours_ms: stage.cpu,
        unit_per_s: { value: (1000 * count) / stage.cpu, unit },
        peer_ms: null,
        ratio: null,
        peer: null,
        note: timingNote(stage, memory),
      },
    ];
  });
}

/** What the other process says. */
async function measured() {
  const program = fileURLToPath(new URL('memory-run.js', import.meta.url));
  const child = spawn(process.execPath, [program, String(CELLS), String(TRAIN)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  const said = await text(child.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`memory-run.js ended with ${code}`);
  return /** @type {{ stages: { name: string, cpu: number, wall: number, peakBytes: number }[], columns: number, tableBytes: number, tau: number }} */ (
    JSON.parse(said)
  );
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}
