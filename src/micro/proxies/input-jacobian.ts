import { symmetricEigen } from '../../core/base/symmetric-eigen.js';
import { log } from '../exact-math.js';

const SMALL = 1e-5;
/** The scores of more classes than these are compared with each other instead of added. */
const MANY_CLASSES = 100;

/**
 * The correlations of the rows of a matrix, between −1 and 1; NaN for a row that does not vary. Row-major, batch x batch.
 */
export function rowCorrelations(rows: Float32Array, batch: number): Float64Array {
  const each = rows.length / batch;
  const centred = new Float64Array(rows.length);
  const lengths = new Float64Array(batch);
  for (let n = 0; n < batch; n++) {
    const from = n * each;
    let mean = 0;
    for (let i = 0; i < each; i++) mean += rows[from + i];
    mean /= each;
    let squares = 0;
    for (let i = 0; i < each; i++) {
      const d = rows[from + i] - mean;
      centred[from + i] = d;
      squares += d * d;
    }
    lengths[n] = Math.sqrt(squares);
  }
  const correlations = new Float64Array(batch * batch);
  for (let a = 0; a < batch; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let i = 0; i < each; i++) sum += centred[a * each + i] * centred[b * each + i];
      // By their lengths one after the other: the product of two tiny ones would be 0.
      const raw = a === b && lengths[a] > 0 ? 1 : sum / lengths[a] / lengths[b];
      const r = Math.max(-1, Math.min(1, raw));
      correlations[a * batch + b] = r;
      correlations[b * batch + a] = r;
    }
  }
  return correlations;
}

/**
 * −Σ (ln(v + k) + 1 / (v + k)) over the eigenvalues v of the correlations of the input gradients, k = 1e-5; −batch − a little
 * at most, where no two pictures are alike. NaN when a gradient does not vary.
 * @see Mellor et al. 2020, arXiv 2006.04647v1; NASLib, pruners/measures/jacov.py.
 */
export function jacov(correlations: Float64Array, batch: number): number {
  if (!correlations.every(Number.isFinite)) return Number.NaN;
  let score = 0;
  // An eigenvalue is 0 at least; rounding must not take it across −k.
  for (const value of symmetricEigen(correlations, batch).values) {
    const v = Math.max(value, 0) + SMALL;
    score -= log(v) + 1 / v;
  }
  return score;
}

/**
 * For each class Σ ln(|r| + 1e-5) over the correlations r within it; the absolute values of these, summed. With more than
 * 100 classes: each divided by the pictures of its class, and the mean over classes of their differences from all others.
 * @see EPE-NAS, Lopes et al. 2021, arXiv 2102.08099; NASLib, pruners/measures/epe_nas.py.
 */
export function epeNas(correlations: Float64Array, labels: Int32Array, classes: number): number {
  const batch = labels.length;
  const scores: number[] = [];
  for (const label of new Set(labels)) {
    const members = Array.from(labels.keys()).filter((n) => labels[n] === label);
    let sum = 0;
    for (const a of members) for (const b of members) sum += log(Math.abs(correlations[a * batch + b]) + SMALL);
    scores.push(classes > MANY_CLASSES ? sum / members.length : sum);
  }
  if (classes <= MANY_CLASSES) return scores.reduce((sum, score) => sum + Math.abs(score), 0);
  let apart = 0;
  for (const a of scores) for (const b of scores) apart += Math.abs(a - b);
  return apart / scores.length;
}
