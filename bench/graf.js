import { rng } from '../dist/core/base/rng.js';
import { features, featuresFrom } from '../dist/core/features/index.js';
import { spaces } from '../dist/core/spaces/index.js';
import { leastOf, timingNote } from './clock.js';

export const name = 'graf';
export const says = 'GRAF features: nets a second, from graphs and from parsed architectures';

/**
 * The reference's own speed, nets a CPU second: zc_combine on one core of a shared EPYC, feature functions and data frame,
 * the best of runs of 2,000 to all nets. It is quoted, not run: zc_combine needs packages that cannot be installed here.
 */
const PUBLISHED = {
  nasbench201: { icml24: 600, main: 750 },
  'transnas-micro': { icml24: 1290, main: 1215 },
  nasbench101: { icml24: 3060, main: 2580 },
  nasbench301: { icml24: 34, main: 53 },
  'transnas-macro': { icml24: 58_500, main: 80_000 },
};

/** The rows of the README's table. */
const BRIEF = /** @type {const} */ (['nasbench201', 'nasbench101']);

/** How many nets are drawn where a space is too large to list. */
const SAMPLES = { nasbench101: 100_000, nasbench301: 10_000 };

/** @param {import('./contract.d.ts').BenchOptions} options */
export async function run({ brief, onProgress }) {
  checkKnownValues();
  const rows = [];
  const all = /** @type {(keyof typeof PUBLISHED)[]} */ (Object.keys(PUBLISHED));
  const ids = brief ? BRIEF : all;
  for (const [i, id] of ids.entries()) {
    onProgress?.({ done: i, total: ids.length, label: id });
    rows.push(...(await benchSpace(id, brief ? ['icml24'] : ['icml24', 'main'])));
  }
  onProgress?.({ done: ids.length, total: ids.length });
  return rows;
}

/** A fast wrong answer is no answer: values of the reference for one net, in both versions. */
function checkKnownValues() {
  const { nasbench201 } = spaces;
  const graph = nasbench201.toGraph(nasbench201.parse('(4, 0, 3, 1, 4, 3)'));
  for (const [version, expected] of /** @type {const} */ ([
    ['icml24', 1],
    ['main', -1],
  ])) {
    const { columns, values } = features([graph], undefined, { version });
    const got = values[columns.findIndex((column) => column.name === 'max_op_on_path_allowed_(0)')][0];
    if (got !== expected) throw new Error(`max_op_on_path_allowed_(0), ${version}: expected ${expected}, got ${got}`);
  }
}

/**
 * @param {keyof typeof PUBLISHED} id
 * @param {readonly ('icml24' | 'main')[]} versions
 */
async function benchSpace(id, versions) {
  const space = spaces[id];
  const random = rng(42);
  const archs = space.all === null ? Array.from({ length: SAMPLES[id] }, () => space.sample(random)) : [...space.all()];
  const graphs = archs.map((arch) => space.toGraph(arch));
  const drawn = space.all === null ? 'drawn with seed 42' : 'the whole space';
  const rows = [];
  for (const version of versions) {
    const columns = features(graphs.slice(0, 1), undefined, { version }).columns.length;
    const what = `${space.title} ${version}, ${columns} columns, ${archs.length.toLocaleString('en')} nets`;
    const fromGraphs = await leastOf(() => features(graphs, undefined, { version }).rowCount, { repeats: 7, warmUps: 3 });
    rows.push(row(`${what}, from graphs`, fromGraphs, archs.length, PUBLISHED[id][version], version, drawn));
    const fromArchs = await leastOf(() => featuresFrom(archs.length, (r) => space.toGraph(archs[r]), undefined, { version }), {
      repeats: 5,
    });
    rows.push(row(`${what}, from parsed architectures`, fromArchs, archs.length, PUBLISHED[id][version], version, drawn));
  }
  return rows;
}

/**
 * @param {string} task
 * @param {{ cpu: number, wall: number }} timing
 * @param {number} nets
 * @param {number} published nets a second
 * @param {string} version
 * @param {string} drawn
 */
function row(task, timing, nets, published, version, drawn) {
  const peerMs = (nets / published) * 1000;
  return {
    task,
    ours_ms: timing.cpu,
    unit_per_s: { value: Math.round((nets / timing.cpu) * 1000), unit: 'nets/s' },
    peer_ms: peerMs,
    ratio: peerMs / timing.cpu,
    peer: `zc_combine ${version}, published: ${published.toLocaleString('en')} nets a CPU second`,
    note: timingNote(timing, drawn),
  };
}
