import { rng } from '../dist/core/base/rng.js';
import { e201 } from '../dist/core/spaces/micro/e201.js';
import { nasbench201 } from '../dist/core/spaces/nasbench201.js';
import { compileNetwork } from '../dist/micro/engine/compile.js';
import { plainMemory } from '../dist/micro/engine/plain-memory.js';
import { fillGaussian } from '../dist/micro/exact-math.js';
import { nasbench201Network } from '../dist/micro/nasbench201-network.js';
import { trainUnit } from '../dist/micro/train.js';
import { leastOf, timingNote } from './clock.js';

export const name = 'engine';
export const says = 'training small and real-size NAS-Bench-201 networks on the WebAssembly engine, one thread';

/** Cells of NAS-Bench-201; the first costs about twice the mean of drawn ones. */
const CELLS = {
  mixed: nasbench201.parse('(2, 0, 3, 2, 4, 2)'),
  'all 3 x 3': nasbench201.parse('(2, 2, 2, 2, 2, 2)'),
};
const STEPS = 20;
/** Recorded on this class of machine with the same stem, cell, batch and number of steps; spec of the benchmark, section 2. */
const TORCH = { ms: 1_590, who: 'PyTorch 1.13, one thread: recorded mean of 66 networks of the same size, 1.59 CPU-s' };

/** @param {import('./contract.d.ts').BenchOptions} options */
export async function run({ onProgress }) {
  const rows = [];
  const total = 5;
  const report = (/** @type {string} */ label) => onProgress?.({ done: rows.length, total, label });
  const scenes = madeUp();
  for (const [cell, arch] of Object.entries(CELLS)) {
    report(`step, ${cell}`);
    const graph = e201.toCompute(arch, 'classes');
    const network = compileNetwork(graph, { batch: 32, rng: rng(1) });
    const plain = compileNetwork(graph, { batch: 32, rng: rng(1) }, plainMemory());
    const step = trainer(network, scenes);
    const plainStep = trainer(plain, scenes);
    const [ours, theirs] = [step(), plainStep()];
    if (Math.abs(ours - theirs) > 1e-4 * theirs) throw new Error(`loss ${ours}, plain kernels ${theirs}`);
    const timing = await leastOf(() => {
      for (let i = 0; i < STEPS; i++) step();
    });
    const peer = await leastOf(() => plainStep(), { repeats: 1, warmUps: 0 });
    const ms = timing.cpu / STEPS;
    rows.push({
      task: `training step, batch 32, 12 x 12 pixels, 8 channels, 2 cells (${cell}): ${(network.macs / 1e3).toFixed(0)} k MAC a scene`,
      ours_ms: ms,
      unit_per_s: { value: (3 * 32 * network.macs) / ms / 1e6, unit: 'GMAC/s' },
      peer_ms: peer.cpu,
      ratio: peer.cpu / ms,
      peer: 'our plain TypeScript twin',
      note: timingNote(timing, 'MAC counted three times: there, back, weights; synthetic scenes, seed 1'),
    });
    network.release();
  }
  report('a whole unit');
  const unit = await leastOf(() => trainUnit({ graph: e201.toCompute(CELLS.mixed, 'classes'), task: 'cls', seed: 1, scenes }), {
    repeats: 3,
  });
  rows.push({
    task: 'one label: 465 steps of batch 32 and 3,200 test scenes, mixed cell',
    ours_ms: unit.cpu,
    unit_per_s: { value: 1000 / unit.cpu, unit: 'labels/CPU-s' },
    peer_ms: TORCH.ms,
    ratio: TORCH.ms / unit.cpu,
    peer: TORCH.who,
    note: timingNote(unit, 'drawing of scenes not counted'),
  });
  for (const [cell, arch] of Object.entries(CELLS)) {
    report(`real size, ${cell}`);
    const network = compileNetwork(nasbench201Network(arch), { batch: 16, rng: rng(1), inputGradient: true });
    const x = new Float32Array(16 * 32 * 32 * 3);
    fillGaussian(x, rng(2));
    const y = Int32Array.from({ length: 16 }, (_, i) => i % 10);
    const timing = await leastOf(
      () => {
        network.forward(x, 'train');
        network.loss('cross-entropy', y, 1 / 16);
        network.backward();
      },
      { repeats: 3 },
    );
    rows.push({
      task: `all gradients of NAS-Bench-201's network at full size (C = 16, N = 5, 32 x 32), batch 16, ${cell}`,
      ours_ms: timing.cpu,
      unit_per_s: { value: (3 * 16 * network.macs) / timing.cpu / 1e6, unit: 'GMAC/s' },
      peer_ms: null,
      ratio: null,
      peer: null,
      note: timingNote(timing, `${(network.bytes / 1e6).toFixed(0)} MB; input gradient included`),
    });
    network.release();
  }
  onProgress?.({ done: total, total });
  return rows;
}

/**
 * @param {import('../src/micro/engine/network.js').Network} network
 * @param {import('../src/micro/task-data.js').TaskData} scenes
 */
function trainer(network, scenes) {
  const { x, y } = scenes.batch(0, 0, 32);
  return () => {
    network.forward(x, 'train');
    const loss = network.loss('cross-entropy', y, 1 / 32);
    network.backward();
    network.step({ learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 });
    return loss;
  };
}

/** Noise on ten patterns; what is timed does not depend on what is seen. */
function madeUp() {
  const random = rng(1);
  const patterns = new Float32Array(10 * 144);
  fillGaussian(patterns, random.fork('patterns'));
  const make = (/** @type {number} */ count, /** @type {string} */ label) => {
    const x = new Float32Array(count * 144);
    fillGaussian(x, random.fork(label));
    const y = Int32Array.from({ length: count }, (_, i) => i % 10);
    for (let i = 0; i < x.length; i++) x[i] += patterns[y[Math.floor(i / 144)] * 144 + (i % 144)];
    return { x, y, count };
  };
  const train = make(992, 'train');
  /** @type {import('../src/micro/task-data.js').TaskData} */
  return {
    task: 'cls',
    input: [12, 12, 1],
    output: [10],
    batch: (_, step, size) => ({
      x: train.x.subarray(step * size * 144, (step + 1) * size * 144),
      y: train.y.subarray(step * size, (step + 1) * size),
    }),
    test: make(1600, 'test'),
    noisyTest: make(1600, 'noisy'),
  };
}
