import { ParseError, ShapeError } from '../../core/base/errors.js';
import { nearest } from '../../core/base/nearest.js';
import type { WorkOptions } from '../../core/base/progress.js';
import { type PredictorId, predictors } from '../../core/models/index.js';
import type { Predictor } from '../../core/models/predictor.js';
import type { Benchmark } from '../benchmark.js';
import { featureSetColumns, parseFeatureSets } from '../feature-sets.js';
import { type Protocol, type ProtocolId, protocols } from '../protocol.js';
import { type Seeds, seedList } from '../seeds.js';

/** What to compare on a benchmark, and how. */
export interface CompareOptions extends WorkOptions {
  /** Ids of `predictors`, or predictors of one's own, known by their `id` (these run in this thread). */
  readonly models: readonly (PredictorId | Predictor)[];
  /** Feature sets, each as `evaluate --features` takes them: `['graf', 'zcp+graf']`. */
  readonly features: readonly string[];
  /** Numbers of labels to learn from; the protocol's own sizes unless said. */
  readonly train?: readonly number[];
  /** The protocol's first 10 unless said. */
  readonly seeds?: Seeds;
  readonly protocol?: ProtocolId;
  readonly target?: string;
  /** GRAF's definition: `icml24` unless said. */
  readonly version?: 'icml24' | 'main';
  /** A results file: what it holds is not computed again, what is computed is added to it at once. */
  readonly resume?: string;
}

/** One model on one feature set. */
export interface Recipe {
  /** `rf on zcp+graf`. */
  readonly name: string;
  readonly model: string;
  /** What crosses to another thread; null for a predictor of the user's own. */
  readonly id: PredictorId | null;
  readonly predictor: Predictor | null;
  readonly features: string;
}

/** Options with every gap filled, and the rows that take part. */
export interface CompareSettings {
  readonly protocol: Protocol;
  readonly protocolId: ProtocolId;
  readonly target: string;
  readonly direction: 'higher' | 'lower';
  readonly version: 'icml24' | 'main';
  readonly recipes: readonly Recipe[];
  readonly train: readonly number[];
  readonly seeds: readonly number[];
  /** The same rows for every recipe: those that have the target and the columns of all feature sets. */
  readonly bench: Benchmark;
}

const SEEDS = 10;

/**
 * @throws ParseError for an unknown model, feature set, protocol or seed text; ShapeError for an empty list, a repeated
 *   entry, a size that does not fit, or (with `resume`) a predictor of one's own under the id of ours; DataError and UnsupportedError as the protocol and the feature sets do.
 */
export function compareSettings(whole: Benchmark, options: CompareOptions): CompareSettings {
  const protocolId = options.protocol ?? 'rng';
  const protocol = pick('protocol', protocolId, protocols);
  const target = options.target ?? protocol.target ?? whole.defaultTarget;
  const features = options.features.map((sets) => parseFeatureSets(sets).join('+'));
  const bench = protocol.rows(whole, target, [...new Set(features.flatMap((sets) => featureSetColumns(whole, sets)))]);
  const train = options.train ?? protocol.sizes(bench.size);
  const seeds = seedList(options.seeds ?? SEEDS, protocol.firstSeed);
  const models = options.models.map((model) => (typeof model === 'string' ? model : model.id));
  for (const [name, list] of Object.entries({ models, features, train, seeds })) once(name, list);
  for (const size of train) protocol.split(bench.size, size, seeds[0]);
  if (options.resume !== undefined) for (const model of options.models) checkNamed(model);
  const recipes = options.models.flatMap((model) => features.map((sets) => recipe(model, sets)));
  const direction = bench.columns.find((column) => column.name === target)?.direction === 'lower' ? 'lower' : 'higher';
  return { protocol, protocolId, target, direction, version: options.version ?? 'icml24', recipes, train, seeds, bench };
}

function recipe(model: PredictorId | Predictor, features: string): Recipe {
  if (typeof model !== 'string') {
    return { name: `${model.id} on ${features}`, model: model.id, id: null, predictor: model, features };
  }
  pick('model', model, predictors);
  return { name: `${model} on ${features}`, model, id: model, predictor: null, features };
}

/** A results file knows recipes by name: another forest than `predictors.rf()` must not pass for it. */
function checkNamed(model: PredictorId | Predictor): void {
  if (typeof model === 'string' || !Object.hasOwn(predictors, model.id)) return;
  const expected = `another id than ${model.id} for a predictor of your own, as { ...predictor, id: '${model.id} with 30 trees' }`;
  throw new ShapeError({ argument: 'compare: models, with a results file', expected, got: model.id });
}

function once(name: string, list: readonly unknown[]): void {
  const argument = `compare: ${name}`;
  if (list.length === 0) throw new ShapeError({ argument, expected: 'at least one', got: 'none' });
  const twice = list.find((item, i) => list.indexOf(item) < i);
  if (twice !== undefined) throw new ShapeError({ argument, expected: 'each once', got: `${twice} twice` });
}

function pick<T>(what: string, id: string, known: Readonly<Record<string, T>>): T {
  if (Object.hasOwn(known, id)) return known[id];
  const names = Object.keys(known);
  const meant = nearest(String(id), names);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  throw new ParseError({ what, text: String(id), at: 0, expected: `one of ${names.join(', ')}${hint}` });
}
