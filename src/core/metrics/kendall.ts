import { checkPair } from './pair.js';
import { ascending, denseRanks } from './ranks.js';

/**
 * Kendall's tau-b, a rank correlation that accounts for ties.
 * @param predicted `n` numbers in any unit.
 * @param truth `n` numbers paired with `predicted`.
 * @returns a number in [−1, 1]; NaN when either side is constant, where tau-b is undefined.
 * @throws ShapeError when the lengths differ, `n < 2`, or a number is NaN.
 * @see Kendall 1945; Knight 1966 for the method; equal to `scipy.stats.kendalltau(variant='b')`.
 * Takes O(n log n).
 */
export function kendallTau(predicted: ArrayLike<number>, truth: ArrayLike<number>): number {
  checkPair('kendallTau', predicted, truth);
  const n = predicted.length;
  const byTruth = ascending(truth);
  const x = denseRanks(predicted, ascending(predicted));
  const y = denseRanks(truth, byTruth);
  if (x.counts.length === 1 || y.counts.length === 1) return Number.NaN;

  // Truth's ranks in the order of (predicted, truth): a counting sort of the truth order keeps it within each rank.
  const next = new Int32Array(x.counts.length);
  for (let d = 1; d < next.length; d++) next[d] = next[d - 1] + x.counts[d - 1];
  const sequence = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const row = byTruth[i];
    sequence[next[x.ranks[row]]++] = y.ranks[row];
  }
  const pairs = (n * (n - 1)) / 2;
  const tiedX = tiedPairs(x.counts);
  const tiedY = tiedPairs(y.counts);
  const tiedBoth = pairsTiedInBoth(sequence, x.counts);
  const discordant = inversions(sequence);
  const surplus = pairs - tiedX - tiedY + tiedBoth - 2 * discordant;
  const tau = surplus / Math.sqrt(pairs - tiedX) / Math.sqrt(pairs - tiedY);
  return Math.max(-1, Math.min(1, tau));
}

function tiedPairs(counts: Int32Array): number {
  let pairs = 0;
  for (let d = 0; d < counts.length; d++) pairs += (counts[d] * (counts[d] - 1)) / 2;
  return pairs;
}

function pairsTiedInBoth(sequence: Int32Array, counts: Int32Array): number {
  let pairs = 0;
  let start = 0;
  for (let d = 0; d < counts.length; d++) {
    const end = start + counts[d];
    for (let run = 0, i = start + 1; i < end; i++) {
      run = sequence[i] === sequence[i - 1] ? run + 1 : 0;
      pairs += run;
    }
    start = end;
  }
  return pairs;
}

const RUN = 8;

/** Pairs that stand in descending order, by insertion in short runs and then merging. Sorts `a`. */
function inversions(a: Int32Array): number {
  const n = a.length;
  let count = 0;
  for (let start = 0; start < n; start += RUN) {
    const end = Math.min(start + RUN, n);
    for (let i = start + 1; i < end; i++) {
      const value = a[i];
      let j = i - 1;
      while (j >= start && a[j] > value) {
        a[j + 1] = a[j];
        j--;
      }
      a[j + 1] = value;
      count += i - 1 - j;
    }
  }
  let from: Int32Array = a;
  let to: Int32Array = new Int32Array(n);
  for (let width = RUN; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let i = start;
      let j = middle;
      let k = start;
      // Which side is smaller is a coin toss: arithmetic costs less than a branch guessed wrong.
      while (i < middle && j < end) {
        const left = from[i];
        const difference = from[j] - left;
        const right = difference >> 31;
        to[k++] = left + (difference & right);
        count += (middle - i) & right;
        i += 1 + right;
        j -= right;
      }
      while (i < middle) to[k++] = from[i++];
      while (j < end) to[k++] = from[j++];
    }
    const kept = from;
    from = to;
    to = kept;
  }
  return count;
}
