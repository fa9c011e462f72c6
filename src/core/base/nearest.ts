/**
 * The known name that a misspelt one most likely means: the fewest letters changed, added, dropped or swapped with
 * their neighbour; null when more than half of the letters would change.
 */
export function nearest(name: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Number.POSITIVE_INFINITY;
  // Nobody misspells a name at this length; comparing would cost its square.
  const typed = name.slice(0, 64).toLowerCase();
  for (const candidate of known) {
    const edits = distance(typed, candidate.toLowerCase());
    if (edits < fewest && edits <= candidate.length / 2) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** Optimal string alignment distance, row by row. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.length];
}
