/**
 * Sorts a stretch of keys, carrying their items along: quicksort in three parts around a median of three, heapsort where
 * that goes too deep. Not stable: equal keys end in the order that scikit-learn 1.2's sort leaves them in, because
 * the last bits of its sums depend on that order (see `sklearn-growth.ts`). Elsewhere, `ascending` is the sort to use.
 * @param from first place. @param to place after the last.
 * @see Musser 1997; Bentley and McIlroy 1993.
 */
export function introsort(keys: Float32Array, items: Int32Array, from: number, to: number): void {
  sortPart(keys, items, from, to, 2 * Math.trunc(Math.log(to - from) / Math.log(2)));
}

function sortPart(keys: Float32Array, items: Int32Array, from: number, to: number, partings: number): void {
  while (to - from > 1) {
    if (partings-- <= 0) {
      heapsort(keys, items, from, to - from);
      return;
    }
    const pivot = median(keys[from], keys[from + ((to - from) >>> 1)], keys[to - 1]);
    // Smaller keys up to `low`, equal ones up to `at`, unseen ones up to `high`, greater ones behind.
    let low = from;
    let at = from;
    let high = to;
    while (at < high) {
      const key = keys[at];
      if (key < pivot) swap(keys, items, at++, low++);
      else if (key > pivot) swap(keys, items, at, --high);
      else at++;
    }
    sortPart(keys, items, from, low, partings);
    from = high;
  }
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function heapsort(keys: Float32Array, items: Int32Array, from: number, size: number): void {
  for (let root = (size - 2) >>> 1; root >= 0; root--) sink(keys, items, from, root, size);
  for (let last = size - 1; last > 0; last--) {
    swap(keys, items, from, from + last);
    sink(keys, items, from, 0, last);
  }
}

/** Lets the key at `root` of a heap of `size` sink below greater ones; of two equal children the left one rises. */
function sink(keys: Float32Array, items: Int32Array, from: number, root: number, size: number): void {
  for (;;) {
    let greatest = root;
    for (let child = 2 * root + 1; child <= 2 * root + 2 && child < size; child++) {
      if (keys[from + child] > keys[from + greatest]) greatest = child;
    }
    if (greatest === root) return;
    swap(keys, items, from + root, from + greatest);
    root = greatest;
  }
}

function swap(keys: Float32Array, items: Int32Array, i: number, j: number): void {
  const key = keys[i];
  keys[i] = keys[j];
  keys[j] = key;
  const item = items[i];
  items[i] = items[j];
  items[j] = item;
}
