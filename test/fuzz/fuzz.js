// `npm run fuzz -- 10000 [seed]`: files that ask for much (bombs.js), then so many spoilt ONNX, tfjs and pickle files, each
// of which must end within two seconds of processor time and 512 MB in a result or a named error. They are read in a process
// of their own, one after the other, whose greatest memory is measured: what spoils the files is not counted with it.
// Prints a line of JSON; exit 1 and the inputs' numbers if not so.
// What an input is follows from the seed and its number alone: `npm run fuzz -- 1 SEED NUMBER` reads that one and writes it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rng as generator } from '../../dist/core/base/rng.js';
import { bombs } from './bombs.js';
import { mutate } from './mutate.js';
import { seeds } from './seeds.js';

const MOST_CPU_MS = 2000;
/** Of waiting: the machine may be busy with other things. */
const MOST_WAIT_MS = 60_000;
const MOST_BYTES = 512 * 2 ** 20;
/** Of JavaScript's own heap; past it the reader dies, which counts as a crash. */
const HEAP_MB = 448;

const [count = 1000, seed = 1, first = 0] = process.argv.slice(2).map(Number);
const all = seeds();
const kinds = ['onnx', 'tfjs', 'pickle'];
const ends = Object.fromEntries(kinds.map((kind) => [kind, {}]));
const failures = [];
let slowest = { cpuMs: 0 };
let mostBytes = 0;
let reader = start();

const special = count === 1 ? [] : bombs();
for (const { name, kind, bytes } of special) {
  await judge({ number: 'bomb', name, kind, bytes });
  // Each has the whole of the memory, and none is blamed for another.
  await stop();
  reader = start();
}
const mostOfBombs = mostBytes;
mostBytes = 0;

for (let i = first; i < first + count; i++) {
  const one = input(i);
  if (count === 1) {
    const path = join(tmpdir(), `fuzz-${seed}-${i}.bin`);
    writeFileSync(path, one.bytes);
    process.stderr.write(`${one.kind} from ${one.name}: ${path}\n`);
  }
  await judge(one);
  if (i % 500 === 499) process.stderr.write(`${i + 1} inputs, ${failures.length} failures\n`);
}
await stop();
const megabytes = (bytes) => Math.round(bytes / 2 ** 20);
process.stdout.write(
  `${JSON.stringify({ bombs: special.length, inputs: count, seed, ends, slowest, mostMB: megabytes(mostBytes), mostOfBombsMB: megabytes(mostOfBombs), failures })}\n`,
);
process.exitCode = failures.length > 0 ? 1 : 0;

/** @returns {{ number: number, kind: string, name: string, bytes: Uint8Array }} */
function input(number) {
  const rng = generator(seed).fork(number);
  const kind = kinds[rng.int(kinds.length)];
  const own = all.filter((one) => one.kind === kind);
  const { name, bytes } = own[rng.int(own.length)];
  return { number, kind, name, bytes: mutate(kind, bytes, own[rng.int(own.length)].bytes, rng) };
}

async function judge({ number, kind, name, bytes }) {
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
  if (ended.cpuMs > slowest.cpuMs) slowest = { cpuMs: Math.round(ended.cpuMs), kind, name, number };
  mostBytes = Math.max(mostBytes, ended.peak ?? 0);
  const large = ended.peak > MOST_BYTES;
  const why =
    ended.crash ?? (ended.hang ? 'hang' : ended.cpuMs > MOST_CPU_MS ? `${ended.cpuMs} ms` : large ? `${ended.peak} bytes` : '');
  if (why !== '') failures.push({ number, kind, name, why });
  if (large) {
    await stop();
    reader = start();
  }
}

function start() {
  return fork(fileURLToPath(new URL('./reader.js', import.meta.url)), {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
  });
}

async function stop() {
  if (reader.exitCode !== null || reader.signalCode !== null) return;
  const gone = once(reader, 'exit');
  reader.kill('SIGKILL');
  await gone;
}

/** One input's end; a reader that died or hangs is replaced. */
function read(kind, bytes) {
  return new Promise((resolve) => {
    const finish = async (ended, dead) => {
      clearTimeout(timer);
      reader.off('message', answered);
      reader.off('exit', died);
      if (dead) {
        await stop();
        reader = start();
      }
      resolve(ended);
    };
    const answered = (ended) => finish(ended, false);
    const died = (code, signal) => finish({ crash: `the reader ended: ${signal ?? code}`, cpuMs: 0 }, true);
    const timer = setTimeout(() => finish({ hang: true, cpuMs: MOST_WAIT_MS }, true), MOST_WAIT_MS);
    reader.on('message', answered);
    reader.on('exit', died);
    reader.send({ kind, bytes });
  });
}
