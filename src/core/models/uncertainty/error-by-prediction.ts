/** How far off predictions are, depending on what is predicted; in the target's unit. */
export interface ErrorByPrediction {
  /** Positive: the mean error of the rows with the nearest predictions. */
  near(prediction: number): number;
  /** The same for one of the rows, without its own error: as it is for a row that nobody has seen. @param row 0..n − 1. */
  nearRow(row: number): number;
}

/** Fewest errors that are averaged. */
const FEWEST = 8;
/** Share of the mean error of all rows that is added everywhere, so that nothing is taken for certain. */
export const FLOOR = 0.1;

/** How many of `n` errors are averaged: twice the root, but at least eight. */
export function neighbourCount(n: number): number {
  return Math.min(n, Math.max(FEWEST, Math.round(2 * Math.sqrt(n))));
}

/**
 * The best networks lie close together and the bad ones anywhere: the size of errors follows the prediction more than any
 * feature. Asking takes O(log n + √n).
 * @param predicted `n` predictions, two or more.
 * @param errors their absolute errors.
 */
export function errorByPrediction(predicted: ArrayLike<number>, errors: ArrayLike<number>): ErrorByPrediction {
  const n = predicted.length;
  const rows = Array.from({ length: n }, (_, row) => row).sort((a, b) => predicted[a] - predicted[b] || a - b);
  const places = Float64Array.from(rows, (row) => predicted[row]);
  const sizes = Float64Array.from(rows, (row) => errors[row]);
  const placeOf = new Uint32Array(n);
  rows.forEach((row, place) => {
    placeOf[row] = place;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);

  /** From the gap between places `below` and `above` outwards, always to the nearer one. */
  const around = (prediction: number, gap: { below: number; above: number }, count: number, mean: number): number => {
    let { below, above } = gap;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const goesDown = above >= n || (below >= 0 && prediction - places[below] <= places[above] - prediction);
      sum += goesDown ? sizes[below--] : sizes[above++];
    }
    const size = sum / count + FLOOR * mean;
    // A target that never varied: errors have no size of their own.
    return size > 0 ? size : 1;
  };
  return {
    near(prediction) {
      const above = firstFrom(places, prediction);
      return around(prediction, { below: above - 1, above }, neighbourCount(n), total / n);
    },
    nearRow(row) {
      const place = placeOf[row];
      const mean = (total - sizes[place]) / (n - 1);
      return around(places[place], { below: place - 1, above: place + 1 }, neighbourCount(n - 1), mean);
    },
  };
}

/** The first place that is not below the value. @param places ascending. */
export function firstFrom(places: ArrayLike<number>, value: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
