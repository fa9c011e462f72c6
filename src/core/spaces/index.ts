import { ParseError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import { nasbench101 } from './nasbench101.js';
import { nasbench201 } from './nasbench201.js';
import { nasbench301 } from './nasbench301.js';
import type { SearchSpace } from './space.js';
import { transnasMacro } from './transnas-macro.js';
import { transnasMicro } from './transnas-micro.js';

/** The registry: a new space is one file and one line here. */
export const spaces: {
  readonly nasbench101: typeof nasbench101;
  readonly nasbench201: typeof nasbench201;
  readonly nasbench301: typeof nasbench301;
  readonly 'transnas-micro': typeof transnasMicro;
  readonly 'transnas-macro': typeof transnasMacro;
} = {
  nasbench101,
  nasbench201,
  nasbench301,
  'transnas-micro': transnasMicro,
  'transnas-macro': transnasMacro,
};

export type SpaceId = keyof typeof spaces;

/** A space by its id. @throws ParseError naming the known ids. */
export function space<Id extends SpaceId>(id: Id): (typeof spaces)[Id] {
  return spaceNamed(id) as (typeof spaces)[Id];
}

/** A space by an id that comes from outside: a command line, a file. @throws ParseError naming the known ids. */
export function spaceNamed(id: string): SearchSpace {
  if (Object.hasOwn(spaces, id)) return spaces[id as SpaceId];
  const known = Object.keys(spaces);
  const meant = nearest(String(id), known);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  throw new ParseError({ what: 'search space', text: String(id), at: 0, expected: `one of ${known.join(', ')}${hint}` });
}
