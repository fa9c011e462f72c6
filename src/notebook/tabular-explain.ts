import type { WorkOptions } from '../core/base/progress.js';
import type { FeatureTable } from '../core/base/table.js';
import { type AccumulatedEffects, accumulatedEffects as accumulate } from '../core/explain/accumulated-effects.js';
import { accumulatedEffectsPair as accumulatePair } from '../core/explain/accumulated-pair.js';
import {
  type InteractionStrengths,
  shapInteractions as interactions,
  type ShapInteractions,
  interactionStrengths as strengths,
} from '../core/explain/interactions.js';
import { interventionalShap as intervene } from '../core/explain/interventional.js';
import {
  type DependenceOptions,
  partialDependence as depend,
  partialDependencePair as dependPair,
  type PairDependence,
  type PartialDependence,
} from '../core/explain/partial-dependence.js';
import type { Asked } from '../core/explain/places.js';
import { proxyBiases as biases, type ProxyBias, type ProxyBiasOptions } from '../core/explain/proxy-bias.js';
import type { ShapValues } from '../core/explain/treeshap.js';
import { cellSignal } from './cell-signal.js';
import { type Tabular, tableOf } from './tabular.js';

// Explanations as in the core, of data frames too, and stopped by an interrupt of the notebook.

/** A model's mean prediction along one column; see `partialDependence` of the core. */
export function partialDependence(
  model: Asked,
  x: FeatureTable | Tabular,
  column: string,
  options: DependenceOptions = {},
): PartialDependence {
  return depend(model, tableOf(x), column, stoppable(options));
}

/** The same along two columns; see `partialDependencePair` of the core. */
export function partialDependencePair(
  model: Asked,
  x: FeatureTable | Tabular,
  pair: readonly [string, string],
  options: DependenceOptions = {},
): PairDependence {
  return dependPair(model, tableOf(x), pair, stoppable(options));
}

/** Accumulated local effects of one column; see `accumulatedEffects` of the core. */
export function accumulatedEffects(
  model: Asked,
  x: FeatureTable | Tabular,
  column: string,
  options: DependenceOptions = {},
): AccumulatedEffects {
  return accumulate(model, tableOf(x), column, stoppable(options));
}

/** What two columns do together beyond what each does by itself; see `accumulatedEffectsPair` of the core. */
export function accumulatedEffectsPair(
  model: Asked,
  x: FeatureTable | Tabular,
  pair: readonly [string, string],
  options: DependenceOptions = {},
): PairDependence {
  return accumulatePair(model, tableOf(x), pair, stoppable(options));
}

/** How much of each proxy can be read off the graph; see `proxyBiases` of the core. */
export function proxyBiases(
  proxies: FeatureTable | Tabular,
  x: FeatureTable | Tabular,
  options: ProxyBiasOptions,
): Promise<ProxyBias[]> {
  return biases(tableOf(proxies), tableOf(x), stoppable(options));
}

/** TreeSHAP against a background of rows; see `interventionalShap` of the core. */
export function interventionalShap(
  model: object,
  x: FeatureTable | Tabular,
  background: FeatureTable | Tabular,
  options: WorkOptions = {},
): ShapValues {
  return intervene(model, tableOf(x), tableOf(background), stoppable(options));
}

/** SHAP interaction values of every row; see `shapInteractions` of the core. */
export function shapInteractions(model: object, x: FeatureTable | Tabular, options: WorkOptions = {}): ShapInteractions {
  return interactions(model, tableOf(x), stoppable(options));
}

/** How strongly columns interact over all rows; see `interactionStrengths` of the core. */
export function interactionStrengths(model: object, x: FeatureTable | Tabular, options: WorkOptions = {}): InteractionStrengths {
  return strengths(model, tableOf(x), stoppable(options));
}

function stoppable<T extends WorkOptions>(options: T): T {
  return { ...options, signal: options.signal ?? cellSignal() };
}
