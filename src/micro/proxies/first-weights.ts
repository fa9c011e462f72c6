import type { Init } from '../engine/network.js';
import { fillGaussian } from '../exact-math.js';

/**
 * As PyTorch starts its layers, and so the tables of NAS-Bench-Suite-Zero: uniform within ± 1 / √(fan in). Biases are 0 here:
 * the few there are stand right before the loss, where theirs hardly matter.
 */
export const torchInit: Init = ({ kind, value, fanIn }, rng) => {
  if (kind === 'bias' || kind === 'shift') value.fill(0);
  else if (kind === 'scale') value.fill(1);
  else {
    const bound = 1 / Math.sqrt(fanIn);
    for (let i = 0; i < value.length; i++) value[i] = bound * (2 * rng.uniform() - 1);
  }
};

/** As Zen-NAS: every weight N(0, 1), no biases. */
export const zenInit: Init = ({ kind, value }, rng) => {
  if (kind === 'bias' || kind === 'shift') value.fill(0);
  else if (kind === 'scale') value.fill(1);
  else fillGaussian(value, rng);
};

/** As AZ-NAS: N(0, 2 / fan in), no biases (He et al. 2015). */
export const fanInInit: Init = ({ kind, value, fanIn }, rng) => {
  if (kind === 'bias' || kind === 'shift') value.fill(0);
  else if (kind === 'scale') value.fill(1);
  else fillGaussian(value, rng, Math.sqrt(2 / fanIn));
};
