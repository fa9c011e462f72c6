import { DataError, ShapeError } from '../../base/errors.js';
import type { Rng } from '../../base/rng.js';
import type { Column, FeatureTable } from '../../base/table.js';
import { checkColumns } from '../check.js';
import type { ModelFile } from '../predictor.js';
import { savedColumns, savedNumbers } from '../saved.js';

/** How strange rows are to one who has seen the training rows. */
export interface Novelty {
  /**
   * A p value a row: the share of training rows that are at least as far from the others as this row is from all of them.
   * Small is strange; a row like the training rows falls below p with probability p.
   * @throws ShapeError when the columns are not those of the training rows.
   */
  pValues(x: FeatureTable): Float64Array;
  toJSON(): ModelFile;
}

/** Below this a row is called out of distribution; one in twenty of the familiar ones is, too. */
export const STRANGE = 0.05;

const NEIGHBOURS = 5;
/** Training rows that are held against the others to learn which distances are usual. */
const MOST_CALIBRATION = 1000;

/**
 * Out-of-distribution scores: the mean distance to the five nearest training rows, in columns scaled by their standard
 * deviation. Usual distances are those of training rows to the others, each measured as if it had not been seen (its own
 * share of the deviations taken off). A column that never varied in training makes any other value strange.
 * @throws ShapeError with fewer than three rows.
 * @see Ramaswamy et al. 2000 (nearest-neighbour distance); Bates et al. 2023, Testing for outliers with conformal p-values.
 * Takes O(rows² × columns) for up to 1,000 rows, O(1,000 × rows × columns) beyond.
 */
export function fitNovelty(x: FeatureTable, options: { readonly rng: Rng }): Novelty {
  const n = x.rowCount;
  if (n < 3) throw new ShapeError({ argument: 'fitNovelty: x', expected: 'at least 3 rows', got: `${n}` });
  checkColumns('fitNovelty', x, x.columns);
  const rows = rowMajor(x);
  const sums = columnSums(rows, x.columns.length);
  const chosen = options.rng.choose(n, Math.min(n, MOST_CALIBRATION));
  const usual = Float64Array.from(chosen, (row) => distance(rows, n, rows, row, scales(sums, n, rows, row), row));
  return novelty(x.columns, rows, usual.sort());
}

const FORMAT = 'nascope/novelty';
const VERSION = 1;

function novelty(columns: readonly Column[], rows: Float64Array, usual: Float64Array): Novelty {
  const width = columns.length;
  const n = rows.length / width;
  const scale = scales(columnSums(rows, width), n, rows, null);
  return {
    pValues(x) {
      checkColumns('novelty', x, columns);
      const asked = rowMajor(x);
      return Float64Array.from({ length: x.rowCount }, (_, r) => {
        const far = distance(rows, n, asked, r, scale, -1);
        return (1 + usual.length - firstFrom(usual, far)) / (usual.length + 1);
      });
    },
    toJSON: () => ({ format: FORMAT, version: VERSION, columns, rows: Array.from(rows), usual: Array.from(usual) }),
  };
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function noveltyFromJSON(file: ModelFile): Novelty {
  if (file?.format !== FORMAT || file.version !== VERSION) {
    const got = `${file?.format} ${file?.version}`;
    throw new DataError({ path: 'saved model', expected: `${FORMAT} ${VERSION}`, got, fix: 'Save the model again.' });
  }
  const columns = savedColumns(FORMAT, file.columns);
  const length = (list: unknown): number => Math.max(1, Array.isArray(list) ? list.length : 1);
  const count = Math.max(1, Math.floor(length(file.rows) / Math.max(1, columns.length)));
  return novelty(
    columns,
    Float64Array.from(savedNumbers(FORMAT, 'rows', file.rows, count * columns.length)),
    Float64Array.from(savedNumbers(FORMAT, 'usual', file.usual, length(file.usual))).sort(),
  );
}

function rowMajor(x: FeatureTable): Float64Array {
  const width = x.columns.length;
  const out = new Float64Array(x.rowCount * width);
  x.values.forEach((column, c) => {
    for (let r = 0; r < x.rowCount; r++) out[r * width + c] = column[r];
  });
  return out;
}

/** Per column: a middle, and sum and sum of squares of the differences from it. */
interface ColumnSums {
  readonly middle: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

function columnSums(rows: Float64Array, width: number): ColumnSums {
  const [middle, sum, squares] = [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
  const n = rows.length / width;
  for (let i = 0; i < rows.length; i++) middle[i % width] += rows[i] / n;
  for (let c = 0; c < width; c++) if (isConstant(rows, width, c)) middle[c] = rows[c];
  for (let i = 0; i < rows.length; i++) {
    const difference = rows[i] - middle[i % width];
    sum[i % width] += difference;
    squares[i % width] += difference ** 2;
  }
  return { middle, sum, squares };
}

function isConstant(rows: Float64Array, width: number, c: number): boolean {
  for (let i = c; i < rows.length; i += width) if (rows[i] !== rows[c]) return false;
  return true;
}

/**
 * One over each column's standard deviation, without row `left` where one is named. Where the others never vary, what is left
 * is the doubt of n equal observations about the next: one part in √n of the value itself (of 1 where that is smaller).
 */
function scales(sums: ColumnSums, n: number, rows: Float64Array, left: number | null): Float64Array {
  const width = sums.middle.length;
  const m = left === null ? n : n - 1;
  return sums.middle.map((middle, c) => {
    const own = left === null ? 0 : rows[left * width + c] - middle;
    const mean = (sums.sum[c] - own) / m;
    const squares = sums.squares[c] - own ** 2 - m * mean ** 2;
    const rounding = 1e-9 * sums.squares[c];
    const doubt = Math.max(1, Math.abs(middle + mean)) / Math.sqrt(m);
    return 1 / (squares > rounding ? Math.sqrt(squares / m) : doubt);
  });
}

/** Mean distance of row `r` of `asked` to its nearest rows, itself (`self`) left out, in scaled columns. */
function distance(rows: Float64Array, n: number, asked: Float64Array, r: number, scale: Float64Array, self: number): number {
  const width = scale.length;
  const wanted = Math.min(NEIGHBOURS, self < 0 ? n : n - 1);
  const nearest = new Float64Array(wanted).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < n; row++) {
    if (row === self) continue;
    const limit = nearest[wanted - 1];
    let sum = 0;
    for (let c = 0; c < width && sum < limit; c++) {
      const difference = (rows[row * width + c] - asked[r * width + c]) * scale[c];
      sum += difference * difference;
    }
    if (!(sum < limit)) continue;
    let place = wanted - 1;
    for (; place > 0 && nearest[place - 1] > sum; place--) nearest[place] = nearest[place - 1];
    nearest[place] = sum;
  }
  return nearest.reduce((total, square) => total + Math.sqrt(square), 0) / wanted;
}

/** How many of the ascending numbers lie below the value. */
function firstFrom(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
