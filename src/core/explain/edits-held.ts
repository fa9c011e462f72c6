import { ShapeError } from '../base/errors.js';
import type { ArchId } from '../spaces/space.js';
import type { Edits } from './edits.js';

/** Whether what a model promised came true, where a benchmark knows every architecture. */
export interface EditsHeld {
  readonly kind: 'edits-held';
  /** Architectures for which the model promised that some edit helps, and of which the truth is known. */
  readonly archs: number;
  /** Of these, the share whose most promising edit really is better. */
  readonly helped: number;
  /** Of all edits of the same architectures, the share that really are better: what a random edit achieves. */
  readonly baseRate: number;
  /** Mean true improvement (in the better direction, in the target's unit) of the most promising edit, and of all edits. */
  readonly gain: number;
  readonly baseGain: number;
  /** The share for which the most promising edit is a truly best one. */
  readonly best: number;
  /** By place on the list: the share of 1st, 2nd, 3rd … edits that really are better, and of how many architectures. */
  readonly byPlace: readonly { readonly helped: number; readonly archs: number }[];
}

/**
 * Was it true? Holds suggested edits against true values.
 * @param all as `editsOfAll` gives them.
 * @param truth an architecture's true value; NaN where it is not known (such edits are left out).
 * Labels are mostly single trainings: an edit that changes nothing helps in about half of the cases, and no suggestion can be right in all.
 * @throws ShapeError when no architecture with a promising edit is known.
 */
export function editsHeld<Id extends string>(all: readonly Edits<Id>[], truth: (arch: ArchId<Id>) => number): EditsHeld {
  let [archs, helped, gain, best, edits, baseHelped, baseGain] = [0, 0, 0, 0, 0, 0, 0];
  const byPlace: { helped: number; archs: number }[] = [];
  for (const { arch, better, edits: suggested } of all) {
    const before = truth(arch);
    const sign = better === 'higher' ? 1 : -1;
    const known = suggested
      .map(({ to, change }) => ({ promised: sign * change, gain: sign * (truth(to) - before) }))
      .filter((edit) => !Number.isNaN(edit.gain));
    if (known.length === 0 || !(known[0].promised > 0)) continue;
    archs++;
    edits += known.length;
    helped += known[0].gain > 0 ? 1 : 0;
    gain += known[0].gain;
    best += known.every((edit) => edit.gain <= known[0].gain) ? 1 : 0;
    known.forEach((edit, place) => {
      byPlace[place] ??= { helped: 0, archs: 0 };
      byPlace[place].archs++;
      byPlace[place].helped += edit.gain > 0 ? 1 : 0;
      baseHelped += edit.gain > 0 ? 1 : 0;
      baseGain += edit.gain;
    });
  }
  if (archs === 0) {
    const expected = 'architectures with a known true value, of which the model promises that an edit helps';
    throw new ShapeError({ argument: 'editsHeld: all', expected, got: `none among ${all.length}` });
  }
  return {
    kind: 'edits-held',
    archs,
    helped: helped / archs,
    baseRate: baseHelped / edits,
    gain: gain / archs,
    baseGain: baseGain / edits,
    best: best / archs,
    byPlace: byPlace.map((place) => ({ helped: place.helped / place.archs, archs: place.archs })),
  };
}
