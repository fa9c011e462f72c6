import type { Parameter } from '../engine/network.js';

/** The relative change of the weights on each side of the difference. */
const STEP = 1e-2;

/**
 * −Σ w · (H g), where g is the gradient of the loss over the layers' weights and H its derivative. As H is symmetric this is
 * −g · (H w), and H w is how the gradient changes when all weights grow alike: a central difference in that direction. It
 * leaves batch-normalised layers at what they compute and is accurate to its step's square, if the ReLUs are held
 * (`frozen-relus.ts`): what turns them is no part of the derivative as automatic differentiation has it.
 * @param pass a forward and a backward pass: fills the gradients of the layers at their present values. It has been called
 * for the weights as they are. Called twice; the weights are put back.
 * @see GraSP, Wang et al. 2020, arXiv 2002.07376; NASLib, pruners/measures/grasp.py (whose sign is this one).
 */
export function grasp(layers: readonly Pick<Parameter, 'value' | 'gradient'>[], pass: () => void): number {
  const first = layers.map(({ gradient }) => gradient.slice());
  const weights = layers.map(({ value }) => value.slice());
  const along = (factor: number): number => {
    layers.forEach(({ value }, l) => {
      const own = weights[l];
      for (let i = 0; i < value.length; i++) value[i] = own[i] * factor;
    });
    pass();
    let sum = 0;
    layers.forEach(({ gradient }, l) => {
      const g = first[l];
      for (let i = 0; i < gradient.length; i++) sum += g[i] * gradient[i];
    });
    return sum;
  };
  const difference = along(1 + STEP) - along(1 - STEP);
  layers.forEach(({ value }, l) => {
    value.set(weights[l]);
  });
  return -difference / (2 * STEP);
}
