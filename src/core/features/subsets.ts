import type { Vocabulary } from '../ir/cell-graph.js';

/** Some of a vocabulary's operations: which GRAF's families are asked for. */
export interface OpSubset {
  /** Bit i stands for `vocabulary.ops[i]`. */
  readonly mask: number;
  readonly ops: readonly string[];
  /** The reference's numbers of these operations, as its names hold them: `(0, 2)`. */
  readonly ids: string;
}

/** All subsets of a vocabulary's operations with `least` to `most` members, by size, then lexicographically. */
export function opSubsets(vocabulary: Vocabulary, least: number, most: number): readonly OpSubset[] {
  const subsets: OpSubset[] = [];
  const chosen: number[] = [];
  const extend = (from: number, missing: number): void => {
    if (missing === 0) subsets.push(opSubset(vocabulary, chosen));
    for (let i = from; missing > 0 && i <= vocabulary.ops.length - missing; i++) {
      chosen.push(i);
      extend(i + 1, missing - 1);
      chosen.pop();
    }
  };
  for (let size = least; size <= most; size++) extend(0, size);
  return subsets;
}

/** The operations of the vocabulary that are not in the subset. */
export function complement(vocabulary: Vocabulary, subset: OpSubset): OpSubset {
  return opSubset(
    vocabulary,
    vocabulary.ops.flatMap((_, i) => ((subset.mask >> i) & 1 ? [] : [i])),
  );
}

function opSubset(vocabulary: Vocabulary, chosen: readonly number[]): OpSubset {
  return {
    mask: chosen.reduce((mask, i) => mask | (1 << i), 0),
    ops: chosen.map((i) => vocabulary.ops[i]),
    ids: `(${chosen.map((i) => i + vocabulary.markers.length).join(', ')})`,
  };
}
