import { type FeatureTable, take } from '../base/table.js';
import { rowsByInterval } from './accumulated-effects.js';
import type { DependenceOptions, PairDependence } from './partial-dependence.js';
import { type Asked, columnAsked, heightAt, intervalOf, placesOf, withColumn } from './places.js';

/** Places along each of two columns. */
const PLACES = 8;

/**
 * Second-order accumulated local effects of two columns: what they do together beyond what each does by itself; 0 everywhere
 * for an additive model. Where no row lies between four neighbouring places, the nearest four speak for them.
 * @throws ShapeError as `accumulatedEffects`, and the signal's reason.
 * @see Apley and Zhu 2020 (10.1111/rssb.12377), section 3.2. Takes 4 to 16 predictions of all rows.
 */
export function accumulatedEffectsPair(
  model: Asked,
  x: FeatureTable,
  pair: readonly [string, string],
  options: DependenceOptions = {},
): PairDependence {
  const { places: most = PLACES, signal, onProgress } = options;
  signal?.throwIfAborted();
  const [a, b] = pair.map((name) => columnAsked('accumulatedEffectsPair', x, name, most));
  const [first, second] = [a, b].map((c) => ({ column: x.columns[c], places: placesOf(x.values[c], most), values: x.values[c] }));
  const [across, down] = [first.places, second.places];
  const width = down.length;
  const effect = new Float64Array(across.length * width);
  const cells = rowsByCell(first.places, first.values, second.places, second.values);
  cells.forEach((rows, i) => {
    rows.forEach((own, j) => {
      signal?.throwIfAborted();
      const base = take(x, nearest(cells, i, j, own));
      const at = (k: number, l: number): number => {
        const fill = (value: number): Float64Array => new Float64Array(base.rowCount).fill(value);
        return mean(model.predict(withColumn(withColumn(base, a, fill(across[k])), b, fill(down[l]))));
      };
      const together = at(i + 1, j + 1) - at(i + 1, j) - at(i, j + 1) + at(i, j);
      effect[(i + 1) * width + j + 1] =
        together + effect[i * width + j + 1] + effect[(i + 1) * width + j] - effect[i * width + j];
    });
    onProgress?.({ done: i + 1, total: cells.length, label: 'interval' });
  });
  const without = withoutMainEffects(effect, first, second);
  return {
    kind: 'pair-dependence',
    method: 'effect beyond the two by themselves',
    first,
    second,
    effect: without,
    rowCount: x.rowCount,
  };
}

interface Axis {
  readonly places: Float64Array;
  readonly values: ArrayLike<number>;
}

/** The surface less its own accumulated effects along each axis, and less its mean over the rows. */
function withoutMainEffects(surface: Float64Array, first: Axis, second: Axis): Float64Array {
  const width = second.places.length;
  const along = (k: number): Float64Array => surface.subarray(k * width, (k + 1) * width);
  const beside = (l: number): Float64Array => first.places.map((_, k) => surface[k * width + l]);
  const main = (axis: Axis, other: Axis, line: (place: number) => Float64Array): Float64Array => {
    const effect = new Float64Array(axis.places.length);
    rowsByInterval(axis.places, axis.values).forEach((rows, k) => {
      const [low, high] = [line(k), line(k + 1)];
      const rise = rows.reduce(
        (sum, r) => sum + heightAt(other.places, high, other.values[r]) - heightAt(other.places, low, other.values[r]),
        0,
      );
      effect[k + 1] = effect[k] + rise / rows.length;
    });
    return effect;
  };
  const [ofFirst, ofSecond] = [main(first, second, along), main(second, first, beside)];
  const bare = surface.map((height, at) => height - ofFirst[Math.floor(at / width)] - ofSecond[at % width]);
  let sum = 0;
  for (let r = 0; r < first.values.length; r++) {
    const atSecond = first.places.map((_, k) =>
      heightAt(second.places, bare.subarray(k * width, (k + 1) * width), second.values[r]),
    );
    sum += heightAt(first.places, atSecond, first.values[r]);
  }
  return bare.map((height) => height - sum / first.values.length);
}

/** The rows between four neighbouring places, those on an edge on both of its sides. */
function rowsByCell(across: Float64Array, first: ArrayLike<number>, down: Float64Array, second: ArrayLike<number>): number[][][] {
  const columns = Math.max(0, down.length - 1);
  return rowsByInterval(across, first).map((rows) => {
    const cells: number[][] = Array.from({ length: columns }, () => []);
    if (columns === 0) return cells;
    for (const r of rows) {
      const l = intervalOf(down, second[r]);
      cells[l].push(r);
      if (l > 0 && second[r] === down[l]) cells[l - 1].push(r);
    }
    return cells;
  });
}

/** The rows of a cell, or of the nearest one that has some. */
function nearest(cells: readonly (readonly number[][])[], i: number, j: number, own: readonly number[]): readonly number[] {
  let best = own;
  let least = own.length > 0 ? 0 : Number.POSITIVE_INFINITY;
  cells.forEach((rows, k) => {
    rows.forEach((cell, l) => {
      const far = (k - i) ** 2 + (l - j) ** 2;
      if (cell.length > 0 && far < least) [best, least] = [cell, far];
    });
  });
  return best;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
