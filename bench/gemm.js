import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { rng } from '../dist/core/base/rng.js';
import { temporaryFolder } from '../dist/data/temporary-folder.js';
import { loadKernels } from '../dist/wasm/kernels.js';
import { wasmMemory } from '../dist/wasm/load.js';
import { plainGemm } from '../dist/wasm/twins/kernels.js';
import { cpuMs } from './clock.js';
import { inTurns, missingPackage, peerPython, pythonPeer } from './python-peer.js';

export const name = 'gemm';
export const says = 'matrix products in float32 by the SIMD kernel, one thread, beside plain TypeScript or numpy';

/** m, n, k; the first is the one that the promise of 25 GFLOP/s is about, the last a layer of a k-GNN of hidden size 32. */
const SIZES = /** @type {const} */ ([
  [256, 256, 256],
  [64, 64, 64],
  [512, 512, 512],
  [4096, 32, 32],
]);
const REPEATS = 20;
/** Multiply-adds a measurement: short work is lost in the clock's grain. */
const WORK = 4e8;
const PLAIN_WORK = 2e7;
const PAIRS = 11;

const NUMPY = `
import numpy as np
STATE = {}
def read(m, n, k, path):
    data = np.fromfile(path, dtype=np.float32)
    STATE['a'], STATE['b'] = data[:m * k].reshape(m, k).copy(), data[m * k:].reshape(k, n).copy()
    STATE['c'] = np.empty((m, n), dtype=np.float32)
def multiply(calls):
    for _ in range(calls): np.matmul(STATE['a'], STATE['b'], out=STATE['c'])
COMMANDS = dict(read=read, multiply=multiply)
VERSIONS = 'numpy ' + np.__version__ + ' (OpenBLAS)'
`;

/** @param {import('./contract.d.ts').BenchOptions} options */
export async function run({ peer, brief, onProgress }) {
  const python = peer && peerPython ? await pythonPeer(NUMPY) : null;
  const folder = temporaryFolder('bench');
  try {
    return await products(brief ? [SIZES[0], SIZES[3]] : SIZES, python, folder.path, peer && python === null, onProgress);
  } finally {
    python?.close();
    folder.remove();
  }
}

/**
 * @param {readonly (readonly [number, number, number])[]} sizes
 * @param {Awaited<ReturnType<typeof pythonPeer>>} python
 * @param {string} folder
 * @param {boolean} missing
 * @param {import('./contract.d.ts').BenchOptions['onProgress']} onProgress
 */
async function products(sizes, python, folder, missing, onProgress) {
  const memory = wasmMemory(120);
  const kernels = loadKernels(memory);
  const work = Math.ceil(kernels.gemmWorkBytes() / 64) * 64;
  const rows = [];
  for (const [i, [m, n, k]] of sizes.entries()) {
    onProgress?.({ done: i, total: sizes.length, label: `${m} x ${k} times ${k} x ${n}` });
    const random = rng(42);
    const a = Float32Array.from({ length: m * k }, () => random.normal());
    const b = Float32Array.from({ length: k * n }, () => random.normal());
    const [atA, atB, atC] = [work, work + 4 * m * k, work + 4 * (m * k + k * n)];
    new Float32Array(memory.buffer, atA, m * k).set(a);
    new Float32Array(memory.buffer, atB, k * n).set(b);
    const ours = () => kernels.gemm(m, n, k, atA, false, atB, false, atC, 0);
    const plain = () => plainGemm(m, n, k, a, false, b, false);

    ours();
    const expected = plain();
    const got = new Float32Array(memory.buffer, atC, m * n);
    if (got.some((value, place) => value !== expected[place])) throw new Error('gemm is not equal to the plain loops');

    const flop = 2 * m * n * k;
    const task = `f32 ${m} x ${k} times ${k} x ${n}, one thread`;
    const how = `${cpus()[0].model}, Node ${process.versions.node}; random numbers, seed 42${missing ? `; ${missingPackage('numpy')}` : ''}`;
    if (python !== null) {
      const path = join(folder, 'matrices.f32');
      writeFileSync(path, Buffer.concat([Buffer.from(a.buffer), Buffer.from(b.buffer)]));
      await python.run('read', m, n, k, path);
      const calls = Math.ceil(WORK / (m * n * k));
      const many = () => {
        for (let call = 0; call < calls; call++) ours();
      };
      const { oursMs, peerMs, ratio, pairs, note } = await inTurns(many, () => python.run('multiply', calls), PAIRS);
      const [ours_ms, peer_ms] = [oursMs / calls, peerMs / calls];
      const unit_per_s = { value: flop / ours_ms / 1e6, unit: 'GFLOP/s' };
      rows.push({ task, ours_ms, unit_per_s, peer_ms, ratio, pairs, peer: python.versions, note: `${note}; ${how}` });
      continue;
    }
    const oursMs = median(ours, Math.ceil(WORK / (m * n * k)));
    const plainMs = median(plain, Math.ceil(PLAIN_WORK / (m * n * k)));
    const plainRate = (flop / plainMs / 1e6).toFixed(2);
    rows.push({
      task,
      ours_ms: oursMs,
      unit_per_s: { value: flop / oursMs / 1e6, unit: 'GFLOP/s' },
      peer_ms: plainMs,
      ratio: plainMs / oursMs,
      peer: `our plain TypeScript twin, ${plainRate} GFLOP/s`,
      note: `median of ${REPEATS}; ${how}`,
    });
  }
  onProgress?.({ done: sizes.length, total: sizes.length });
  return rows;
}

/**
 * CPU milliseconds of one call.
 * @param {() => void} work
 * @param {number} calls
 */
function median(work, calls) {
  const times = Array.from({ length: REPEATS }, () => {
    const start = cpuMs();
    for (let call = 0; call < calls; call++) work();
    return (cpuMs() - start) / calls;
  }).sort((x, y) => x - y);
  return (times[REPEATS / 2 - 1] + times[REPEATS / 2]) / 2;
}
