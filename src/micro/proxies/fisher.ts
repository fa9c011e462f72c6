import type { Network, Parameter } from '../engine/network.js';

/**
 * For each output channel of a layer ½ · mean over the batch of (Σ over pixels of activation · gradient)², once for each
 * weight that leads to the channel, summed. After a backward pass of a network that keeps all activations.
 * @see Theis et al. 2018, arXiv 1801.05787; Turner et al. 2020, arXiv 1906.04113; NASLib, pruners/measures/fisher.py, whose
 * spreading over the weights makes the factor fan in.
 */
export function fisher(network: Network, layers: readonly Pick<Parameter, 'node' | 'shape' | 'fanIn'>[]): number {
  let sum = 0;
  for (const { node, fanIn } of layers) {
    const activation = network.activation(node);
    const gradient = network.activationGradient(node);
    // What learns nothing has no gradient.
    if (activation === null || gradient === null) continue;
    sum += fanIn * channelInformation(activation, gradient, network.batch, channelsOf(network, node));
  }
  return sum;
}

/** ½ · mean over the batch of (Σ over pixels)², summed over the channels; channels last. */
export function channelInformation(activation: Float32Array, gradient: Float32Array, batch: number, channels: number): number {
  const each = activation.length / batch;
  const along = new Float64Array(channels);
  let squares = 0;
  for (let n = 0; n < batch; n++) {
    along.fill(0);
    for (let from = n * each; from < (n + 1) * each; from += channels) {
      for (let c = 0; c < channels; c++) along[c] += activation[from + c] * gradient[from + c];
    }
    for (let c = 0; c < channels; c++) squares += along[c] * along[c];
  }
  return squares / batch / 2;
}

function channelsOf({ parameters }: Network, node: number): number {
  const { kind, shape, value, fanIn } = parameters.find((p) => p.node === node && p.kind !== 'bias') as Parameter;
  return kind === 'dense' ? shape[1] : value.length / fanIn;
}
