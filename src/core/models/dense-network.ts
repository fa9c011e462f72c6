import { DataError } from '../base/errors.js';
import { savedNumbers } from './saved.js';

/** relu(W x + b), or without the relu where it is the last one. Plain data. */
export interface DenseLayer {
  /** By inputs: what input `i` adds to unit `j` is `weights[i * units + j]`. */
  readonly weights: readonly number[];
  /** One a unit. */
  readonly biases: readonly number[];
}

/** One number a row. @param x row-major, rows × inputs of the first layer. Each row by itself, in doubles. */
export function forward(layers: readonly DenseLayer[], x: Float64Array, rowCount: number): Float64Array {
  const inputs = x.length / rowCount;
  const buffers = layers.map((layer) => new Float64Array(layer.biases.length));
  const weights = layers.map((layer) => Float64Array.from(layer.weights));
  const biases = layers.map((layer) => Float64Array.from(layer.biases));
  const out = new Float64Array(rowCount);
  for (let r = 0; r < rowCount; r++) {
    let from = x.subarray(r * inputs, (r + 1) * inputs);
    for (let l = 0; l < layers.length; l++) {
      const to = buffers[l];
      to.set(biases[l]);
      addProducts(to, from, weights[l]);
      if (l < layers.length - 1) for (let j = 0; j < to.length; j++) if (to[j] < 0) to[j] = 0;
      from = to;
    }
    out[r] = from[0];
  }
  return out;
}

function addProducts(to: Float64Array, from: Float64Array, weights: Float64Array): void {
  const units = to.length;
  for (let i = 0; i < from.length; i++) {
    const value = from[i];
    // Half of all units are at rest.
    if (value === 0) continue;
    const at = i * units;
    for (let j = 0; j < units; j++) to[j] += value * weights[at + j];
  }
}

/** Saved layers from `inputs` numbers to one. @throws DataError when they are damaged or do not fit together. */
export function layersFromJSON(where: string, file: unknown, inputs: number): readonly DenseLayer[] {
  const damaged = (got: string): DataError =>
    new DataError({ path: where, expected: 'layers, the last of one unit', got, fix: 'Save the model again with toJSON().' });
  if (!Array.isArray(file) || file.length === 0) throw damaged(typeof file);
  let width = inputs;
  const layers = file.map((layer: Partial<DenseLayer> | null): DenseLayer => {
    const units = Array.isArray(layer?.biases) ? layer.biases.length : 0;
    if (units === 0) throw damaged('a layer without units');
    const checked = {
      weights: savedNumbers(where, 'weights', layer?.weights, width * units),
      biases: savedNumbers(where, 'biases', layer?.biases, units),
    };
    width = units;
    return checked;
  });
  if (width !== 1) throw damaged(`a last layer of ${width} units`);
  return layers;
}
