import type { Parameter } from '../engine/network.js';

type Weights = Pick<Parameter, 'value' | 'gradient'>;

/** The norms of the layers' weights, summed. */
export function l2Norm(layers: readonly Pick<Parameter, 'value'>[]): number {
  return layers.reduce((sum, { value }) => sum + norm(value), 0);
}

/** The norms of the layers' gradients, summed. @see Abdelfattah et al. 2021, arXiv 2101.08134 */
export function gradNorm(layers: readonly Weights[]): number {
  return layers.reduce((sum, { gradient }) => sum + norm(gradient), 0);
}

/**
 * Σ w · ∂L/∂w. Over a layer before a batch norm this is 0, as the loss does not see its scale: what counts are the others.
 * @see Mozer and Smolensky 1988
 */
export function plain(layers: readonly Weights[]): number {
  let sum = 0;
  for (const { value, gradient } of layers) for (let i = 0; i < value.length; i++) sum += value[i] * gradient[i];
  return sum;
}

/** Σ |w · ∂L/∂w|. @see SNIP, Lee et al. 2019, arXiv 1810.02340 */
export function snip(layers: readonly Weights[]): number {
  let sum = 0;
  for (const { value, gradient } of layers) for (let i = 0; i < value.length; i++) sum += Math.abs(value[i] * gradient[i]);
  return sum;
}

function norm(values: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i] * values[i];
  return Math.sqrt(squares);
}
