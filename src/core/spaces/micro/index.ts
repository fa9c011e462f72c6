import { ParseError } from '../../base/errors.js';
import { e2p } from './e2p.js';
import { e101 } from './e101.js';
import { e201 } from './e201.js';
import { emb } from './emb.js';
import type { MicroFamily } from './micro-family.js';

export { CLASSES, type Head, SCENE_SIDE } from './macro.js';
export { drawMicro, type MicroFamily } from './micro-family.js';
export { type MicroSplit, microSplit } from './split.js';

/** The registry: a new family of MicroBench is one file and one line here. */
export const microFamilies: {
  readonly E201: typeof e201;
  readonly E101: typeof e101;
  readonly EMB: typeof emb;
  readonly E2P: typeof e2p;
} = { E201: e201, E101: e101, EMB: emb, E2P: e2p };

export type MicroFamilyId = keyof typeof microFamilies;

/** A family by an id that comes from outside. @throws ParseError naming the known ids. */
export function microFamilyNamed(id: string): MicroFamily<MicroFamilyId> {
  if (Object.hasOwn(microFamilies, id)) return microFamilies[id as MicroFamilyId] as unknown as MicroFamily<MicroFamilyId>;
  throw new ParseError({
    what: 'MicroBench family',
    text: String(id),
    at: 0,
    expected: `one of ${Object.keys(microFamilies).join(', ')}`,
  });
}
