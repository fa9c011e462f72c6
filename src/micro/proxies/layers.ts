import type { Network, Parameter } from '../engine/network.js';

/** The weights that the proxies sum over: those of convolutions and dense layers. */
export function layersOf({ parameters }: Pick<Network, 'parameters'>): Parameter[] {
  return parameters.filter(({ kind }) => kind === 'conv' || kind === 'depthwise' || kind === 'dense');
}
