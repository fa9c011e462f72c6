import { ShapeError } from '../base/errors.js';
import type { Column, FeatureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import { savedColumns, savedNumber, savedNumbers } from './saved.js';
import { type Standardisation, standardisation, standardisationFromJSON, standardised } from './standardise.js';

export interface NearestNeighboursOptions {
  /** How many neighbours are averaged; all rows where there are fewer. */
  readonly neighbours?: number;
}

/** scikit-learn's default. */
const DEFAULTS: Required<NearestNeighboursOptions> = { neighbours: 5 };
/** Columns between two looks at whether a distance is already too great. */
const CHUNK = 16;

export interface FittedNearestNeighbours extends Fitted {
  readonly id: 'knn';
}

/** All that is saved. */
interface Parts {
  readonly neighbours: number;
  readonly scaling: Standardisation;
  /** The standardised training rows, row-major, and their targets. */
  readonly rows: Float64Array;
  readonly targets: Float64Array;
}

/**
 * The mean target of the nearest training rows, by Euclidean distance in standardised columns:
 * `make_pipeline(StandardScaler(), KNeighborsRegressor())` of scikit-learn. Of equally distant rows the earlier ones count.
 * @throws ShapeError when the number of neighbours is not a whole number from 1.
 * Predicting takes O(rows × training rows × columns).
 */
export function nearestNeighbours(options: NearestNeighboursOptions = {}): Predictor<FeatureTable, FittedNearestNeighbours> {
  const { neighbours } = { ...DEFAULTS, ...options };
  if (!(Number.isInteger(neighbours) && neighbours >= 1)) {
    const argument = 'nearestNeighbours: neighbours';
    throw new ShapeError({ argument, expected: 'a whole number from 1', got: `${neighbours}` });
  }
  return {
    id: 'knn',
    async fit(x: FeatureTable, y: Float64Array, { signal, onProgress }: FitOptions): Promise<FittedNearestNeighbours> {
      checkTraining('nearestNeighbours.fit', x, y);
      signal?.throwIfAborted();
      const scaling = standardisation(x);
      onProgress?.({ done: 1, total: 1 });
      signal?.throwIfAborted();
      return fitted(x.columns, { neighbours, scaling, rows: standardised(x, scaling), targets: y.slice() });
    },
  };
}

export const NEAREST_NEIGHBOURS_FORMAT = 'nascope/nearest-neighbours';
export const NEAREST_NEIGHBOURS_VERSION = 1;

/** The inverse of `toJSON`. @throws DataError when the file's parts do not fit together. */
export function nearestNeighboursFromJSON(file: ModelFile): FittedNearestNeighbours {
  const where = NEAREST_NEIGHBOURS_FORMAT;
  const columns = savedColumns(where, file.columns);
  const count = Array.isArray(file.targets) ? Math.max(1, file.targets.length) : 1;
  return fitted(columns, {
    neighbours: savedNumber(where, 'neighbours', file.neighbours),
    scaling: standardisationFromJSON(where, file.scaling, columns.length),
    rows: Float64Array.from(savedNumbers(where, 'rows', file.rows, count * columns.length)),
    targets: Float64Array.from(savedNumbers(where, 'targets', file.targets, count)),
  });
}

function fitted(columns: readonly Column[], parts: Parts): FittedNearestNeighbours {
  const { neighbours, scaling, rows, targets } = parts;
  return {
    id: 'knn',
    predict(x: FeatureTable): Float64Array {
      checkColumns('nearestNeighbours.predict', x, columns);
      const asked = standardised(x, scaling);
      const search = new NeighbourSearch(rows, targets.length, columns.length, Math.min(neighbours, targets.length));
      return Float64Array.from({ length: x.rowCount }, (_, r) => meanOf(targets, search.nearest(asked, r)));
    },
    toJSON(): ModelFile {
      return {
        format: NEAREST_NEIGHBOURS_FORMAT,
        version: NEAREST_NEIGHBOURS_VERSION,
        columns,
        neighbours,
        scaling,
        rows: Array.from(rows),
        targets: Array.from(targets),
      };
    },
  };
}

class NeighbourSearch {
  private readonly found: Int32Array;
  /** Squared distances of `found`, ascending. */
  private readonly distance: Float64Array;

  constructor(
    private readonly rows: Float64Array,
    private readonly count: number,
    private readonly width: number,
    private readonly wanted: number,
  ) {
    this.found = new Int32Array(wanted);
    this.distance = new Float64Array(wanted);
  }

  /** The training rows nearest to row `r` of `asked`, nearest first. */
  nearest(asked: Float64Array, r: number): Int32Array {
    const { rows, count, width, wanted, found, distance } = this;
    distance.fill(Number.POSITIVE_INFINITY);
    const query = r * width;
    for (let row = 0; row < count; row++) {
      const limit = distance[wanted - 1];
      const from = row * width;
      let sum = 0;
      for (let start = 0; start < width && sum < limit; start += CHUNK) {
        const end = Math.min(start + CHUNK, width);
        for (let c = start; c < end; c++) {
          const difference = rows[from + c] - asked[query + c];
          sum += difference * difference;
        }
      }
      // A distance beyond all numbers is the greatest one: such rows are equally distant, and the earlier ones count.
      if (sum === Number.POSITIVE_INFINITY) sum = Number.MAX_VALUE;
      if (sum >= limit) continue;
      let place = wanted - 1;
      for (; place > 0 && distance[place - 1] > sum; place--) {
        distance[place] = distance[place - 1];
        found[place] = found[place - 1];
      }
      distance[place] = sum;
      found[place] = row;
    }
    return found;
  }
}

function meanOf(values: Float64Array, at: Int32Array): number {
  const first = values[at[0]];
  let sum = 0;
  for (let i = 0; i < at.length; i++) sum += values[at[i]] - first;
  return first + sum / at.length;
}
