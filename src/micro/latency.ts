import { cpus, loadavg } from 'node:os';
import { nextTurn, type WorkOptions } from '../core/base/progress.js';
import { rng } from '../core/base/rng.js';
import { spearman } from '../core/metrics/spearman.js';
import { type MicroFamilyId, microFamilyNamed, SCENE_SIDE } from '../core/spaces/micro/index.js';
import { writeAtomically } from '../data/atomic-write.js';
import { csvCell } from '../data/csv-cell.js';
import { LATENCY_BATCHES, latencyColumn, latencyPath } from '../data/microbench-latency.js';
import { readMicroCsv, readMicroFamily } from '../data/microbench-table.js';
import { compileNetwork } from './engine/compile.js';
import { ENGINE_VERSION } from './engine/version.js';
import { fillGaussian } from './exact-math.js';

/**
 * Rounds over all networks, and timed passes in each. A machine is slow for seconds at a time, by a neighbour or by heat: in
 * one of many rounds every network meets it when it is not. Two halves of 16 rounds agree to .99 by their least times and to
 * .8 to .9 by their medians.
 */
const ROUNDS = 16;
const PASSES = 3;
const WARM_UP = 2;
/** Networks before the first round whose times are thrown away: the compiler is at work. */
const FIRST = 20;

export interface LatencyOptions extends WorkOptions {
  readonly family: MicroFamilyId;
  /** The table whose architectures are measured, and beside which the file is written. */
  readonly table: string;
}

export interface MeasuredLatency {
  readonly path: string;
  readonly count: number;
  readonly cpu: string;
  /** Spearman correlation between the least times of the first and of the second half of the rounds: the noise ceiling, by batch. */
  readonly agreement: readonly number[];
}

/**
 * Measures a forward pass of every network of a family's table on this machine, one thread, one scene and a batch of 32: the
 * least of 48 wall times, in milliseconds. They are other numbers elsewhere and tomorrow, so that they stand in a file of
 * their own, which says on what they were measured, and which no checksum covers.
 * @throws DataError when the table has no such family or the file cannot be written; the signal's reason.
 */
export async function measureLatencies(options: LatencyOptions): Promise<MeasuredLatency> {
  const { family: id, table, signal, onProgress } = options;
  const entry = await readMicroFamily(id, table);
  const archs = (await readMicroCsv(entry.archs, table)).text('arch_id');
  const loads = [loadavg()[0]];
  for (const arch of archs.slice(0, FIRST)) for (const batch of LATENCY_BATCHES) passTimes(id, arch, batch);
  /** By batch and architecture, round after round. */
  const times = LATENCY_BATCHES.map(() => archs.map((): number[] => []));
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < archs.length; i++) {
      LATENCY_BATCHES.forEach((batch, b) => void times[b][i].push(...passTimes(id, archs[i], batch)));
      if (i % 10 > 0) continue;
      onProgress?.({ done: round * archs.length + i, total: ROUNDS * archs.length, label: 'pass' });
      await nextTurn();
      signal?.throwIfAborted();
    }
  }
  loads.push(loadavg()[0]);

  const half = (ROUNDS / 2) * PASSES;
  const agreement = times.map((all) =>
    spearman(
      all.map((own) => Math.min(...own.slice(0, half))),
      all.map((own) => Math.min(...own.slice(half))),
    ),
  );
  const cpu = cpus()[0]?.model.trim() ?? 'unknown';
  const about = [
    `measured: wall time of a forward pass in evaluation mode, milliseconds, least of ${ROUNDS * PASSES}; one thread; network for cls`,
    `cpu: ${cpu}`,
    `cores: ${cpus().length}`,
    `platform: ${process.platform} ${process.arch}`,
    `node: ${process.versions.node}`,
    `engine: ${ENGINE_VERSION}`,
    `load: ${loads.map((load) => load.toFixed(1)).join(' before, ')} after`,
    `agreement: ${agreement.map((rho, b) => `${rho.toFixed(3)} (b${LATENCY_BATCHES[b]})`).join(', ')}: Spearman, first half of the rounds with the second`,
    `date: ${new Date().toISOString().slice(0, 10)}`,
  ];
  const rows = archs.map((arch, i) => [csvCell(arch), ...times.map((all) => String(Number(Math.min(...all[i]).toPrecision(4))))]);
  const lines = [...about.map((line) => `# ${line}`), ['arch_id', ...LATENCY_BATCHES.map(latencyColumn)], ...rows];
  const path = latencyPath(id, table);
  await writeAtomically(path, lines.map((line) => `${typeof line === 'string' ? line : line.join(',')}\n`).join(''));
  onProgress?.({ done: ROUNDS * archs.length, total: ROUNDS * archs.length, label: 'pass' });
  return { path, count: archs.length, cpu, agreement };
}

/** Milliseconds of single passes. */
function passTimes(id: MicroFamilyId, arch: string, batch: number): number[] {
  const family = microFamilyNamed(id);
  const network = compileNetwork(family.toCompute(family.parse(arch), 'classes'), { batch, rng: rng(1) });
  try {
    const x = new Float32Array(batch * SCENE_SIDE * SCENE_SIDE);
    fillGaussian(x, rng(1).fork('latency'));
    const pass = (): number => {
      const started = performance.now();
      network.forward(x, 'evaluate');
      return performance.now() - started;
    };
    for (let i = 0; i < WARM_UP; i++) pass();
    return Array.from({ length: PASSES }, pass);
  } finally {
    network.release();
  }
}
