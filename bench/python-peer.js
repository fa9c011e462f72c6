import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { delimiter } from 'node:path';
import { createInterface } from 'node:readline';
import { cpuMs } from './clock.js';

/** Runs one command a line: the CPU milliseconds of `COMMANDS[name](*arguments)`, on one thread. */
const SERVER = `
import json, os, sys, time
for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'): os.environ[name] = '1'
def absent(kind, error, trace):
    if not issubclass(kind, ImportError): return sys.__excepthook__(kind, error, trace)
    print('null', flush=True)
    os._exit(0)
sys.excepthook = absent
__PROGRAM__
print(json.dumps(VERSIONS), flush=True)
for line in sys.stdin:
    name, *given = json.loads(line)
    start = time.process_time()
    COMMANDS[name](*given)
    print(json.dumps((time.process_time() - start) * 1000), flush=True)
`;

/** Interpreters with the peers' packages, where some are named: separated as in PATH, the first that has a peer's packages runs it. */
export const peerPython = process.env.NASCOPE_PEER_PYTHON;

/** What a row says when a peer was asked for and there is none. */
export const NO_PEER = 'no peer: NASCOPE_PEER_PYTHON names no Python with numpy, scipy and scikit-learn';

/**
 * The same where one package is all that it takes beside numpy.
 * @param {string} packageName
 */
export function missingPackage(packageName) {
  return `no peer: NASCOPE_PEER_PYTHON names no Python with numpy and ${packageName}`;
}

/**
 * A Python process that waits for commands; null where no interpreter has the packages that it imports.
 * @param {string} program defines COMMANDS (names to functions) and VERSIONS (a text)
 */
export async function pythonPeer(program) {
  for (const interpreter of (peerPython ?? '').split(delimiter)) {
    const peer = interpreter === '' ? null : await peerOf(interpreter, program);
    if (peer !== null) return peer;
  }
  return null;
}

/**
 * @param {string} interpreter
 * @param {string} program
 */
async function peerOf(interpreter, program) {
  const child = spawn(interpreter, ['-c', SERVER.replace('__PROGRAM__', program)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the peer ended early (exit code ${child.exitCode})`);
    return JSON.parse(value);
  };
  const versions = /** @type {string | null} */ (await next());
  if (versions === null) return null;
  return {
    versions,
    /**
     * @param {string} name
     * @param {unknown[]} given
     * @returns {Promise<number>} CPU milliseconds
     */
    async run(name, ...given) {
      child.stdin.write(`${JSON.stringify([name, ...given])}\n`);
      return /** @type {number} */ (await next());
    },
    close() {
      child.stdin.end();
    },
  };
}

/** Short work is repeated for up to ten calls or this long before it is timed; longer work is warm by itself. */
const WARM_UP_MS = 2_000;
/** However long they take. */
const LEAST_PAIRS = 3;

/**
 * Ours and theirs in turns (A, B, B, A, …), both warmed up: ours for as long as its compiler is likely to be at work.
 * @param {() => unknown} ours
 * @param {() => Promise<number>} theirs gives CPU milliseconds
 * @param {number} pairs
 * @param {number} budgetMs of wall time, after which there are no more pairs
 */
export async function inTurns(ours, theirs, pairs, budgetMs = Number.POSITIVE_INFINITY) {
  const timeOurs = async () => {
    const start = cpuMs();
    await ours();
    return cpuMs() - start;
  };
  const warm = performance.now() + WARM_UP_MS;
  const cold = await timeOurs();
  for (let call = 0; call < 10 && performance.now() < warm; call++) await ours();
  if (cold < WARM_UP_MS) await theirs();
  const before = loadavg()[0];
  const wallStart = performance.now();
  const timings = [];
  for (let i = 0; i < pairs && (i < LEAST_PAIRS || performance.now() < wallStart + budgetMs); i++) {
    if (i % 2 === 0) {
      const mine = await timeOurs();
      timings.push({ mine, peer: await theirs() });
    } else {
      const peer = await theirs();
      timings.push({ mine: await timeOurs(), peer });
    }
  }
  const wall = performance.now() - wallStart;
  const cpu = timings.reduce((sum, { mine, peer }) => sum + mine + peer, 0);
  const ratios = timings.map(({ mine, peer }) => peer / mine).sort((a, b) => a - b);
  const load = `load ${before.toFixed(1)} to ${loadavg()[0].toFixed(1)}`;
  return {
    oursMs: Math.min(...timings.map(({ mine }) => mine)),
    peerMs: Math.min(...timings.map(({ peer }) => peer)),
    ratio: ratios[ratios.length >> 1],
    pairs: { count: ratios.length, low: ratios[0], high: ratios[ratios.length - 1] },
    note: [
      `median of ${ratios.length} pairs, ratios ${ratios[0].toFixed(2)} to ${ratios[ratios.length - 1].toFixed(2)}`,
      `first call ${cold.toFixed(1)} ms`,
      load,
      ...(wall > 1.2 * cpu ? ['contended'] : []),
    ].join('; '),
  };
}
