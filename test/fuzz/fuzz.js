// `npm run fuzz -- 10000 [seed]`: spoilt ONNX, tfjs and pickle files, each of which must end within two seconds of
// processor time and 512 MB in a result or a named error. Prints a line of JSON; exit 1 and the inputs' numbers if not so.
// What an input is follows from the seed and its number alone: `npm run fuzz -- 1 SEED NUMBER` runs that one and writes it.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { rng as generator } from '../../dist/core/base/rng.js';
import { mutate } from './mutate.js';
import { seeds } from './seeds.js';

const MOST_CPU_MS = 2000;
/** Of waiting: the machine may be busy with other things. */
const MOST_WAIT_MS = 30_000;
const MOST_BYTES = 512 * 2 ** 20;
/** What the reader's thread may hold; past it the thread ends, which counts as a crash. */
const HEAP_MB = 320;

const [count = 1000, seed = 1, first = 0] = process.argv.slice(2).map(Number);
const all = seeds();
const kinds = ['onnx', 'tfjs', 'pickle'];
const ends = Object.fromEntries(kinds.map((kind) => [kind, {}]));
const failures = [];
let slowest = { cpuMs: 0 };
let mostBytes = 0;
let worker = start();

for (let i = first; i < first + count; i++) {
  const { kind, name, bytes } = input(i);
  if (count === 1) {
    const path = join(tmpdir(), `fuzz-${seed}-${i}.bin`);
    writeFileSync(path, bytes);
    process.stderr.write(`${kind} from ${name}: ${path}\n`);
  }
  const ended = await read(kind, bytes);
  const how = ended.crash
    ? 'crash'
    : ended.hang
      ? 'hang'
      : ended.error
        ? `${ended.error} error`
        : ended.warned
          ? 'result, warned'
          : 'result';
  ends[kind][how] = (ends[kind][how] ?? 0) + 1;
  if (ended.cpuMs > slowest.cpuMs) slowest = { cpuMs: Math.round(ended.cpuMs), kind, name, number: i };
  mostBytes = Math.max(mostBytes, ended.rss ?? 0);
  const why =
    ended.crash ??
    (ended.hang ? 'hang' : ended.cpuMs > MOST_CPU_MS ? `${ended.cpuMs} ms` : ended.rss > MOST_BYTES ? `${ended.rss} bytes` : '');
  if (why !== '') failures.push({ number: i, kind, name, why });
  if (i % 500 === 499) process.stderr.write(`${i + 1} inputs, ${failures.length} failures\n`);
}
await worker.terminate();
process.stdout.write(
  `${JSON.stringify({ inputs: count, seed, ends, slowest, mostMB: Math.round(mostBytes / 2 ** 20), failures })}\n`,
);
process.exitCode = failures.length > 0 ? 1 : 0;

/** @returns {{ kind: string, name: string, bytes: Uint8Array }} */
function input(number) {
  const rng = generator(seed).fork(number);
  const kind = kinds[rng.int(kinds.length)];
  const own = all.filter((one) => one.kind === kind);
  const { name, bytes } = own[rng.int(own.length)];
  return { kind, name, bytes: mutate(kind, bytes, own[rng.int(own.length)].bytes, rng) };
}

function start() {
  return new Worker(new URL('./worker.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
}

/** One input's end; a thread that died or hangs is replaced. */
function read(kind, bytes) {
  return new Promise((resolve) => {
    const finish = async (ended, dead) => {
      clearTimeout(timer);
      worker.off('message', answered);
      worker.off('error', died);
      if (dead) {
        await worker.terminate();
        worker = start();
      }
      resolve(ended);
    };
    const answered = (ended) => finish(ended, false);
    const died = (error) => finish({ crash: String(error?.stack ?? error), cpuMs: 0 }, true);
    const timer = setTimeout(() => finish({ hang: true, cpuMs: MOST_WAIT_MS }, true), MOST_WAIT_MS);
    worker.on('message', answered);
    worker.on('error', died);
    worker.postMessage({ kind, bytes });
  });
}
