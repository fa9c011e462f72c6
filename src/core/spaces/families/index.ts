import { ParseError } from '../../base/errors.js';
import { nearest } from '../../base/nearest.js';
import type { Family, FamilyConfig } from './family.js';
import { hiaml } from './hiaml.js';
import { inception } from './inception.js';
import { nb101 } from './nb101.js';
import { nb201 } from './nb201.js';
import { nb301 } from './nb301.js';
import { ofaMbv3 } from './ofa-mobilenet.js';
import { ofaPn } from './ofa-proxyless.js';
import { ofaResnet } from './ofa-resnet.js';
import { twoPath } from './two-path.js';

/** The registry: a new family is one file and one line here. Ids of cell spaces are those of `spaces`. */
export const graphFamilies: {
  readonly nasbench101: typeof nb101;
  readonly nasbench201: typeof nb201;
  readonly nasbench301: typeof nb301;
  readonly 'ofa-pn': typeof ofaPn;
  readonly 'ofa-mbv3': typeof ofaMbv3;
  readonly 'ofa-resnet': typeof ofaResnet;
  readonly hiaml: typeof hiaml;
  readonly inception: typeof inception;
  readonly 'two-path': typeof twoPath;
} = {
  nasbench101: nb101,
  nasbench201: nb201,
  nasbench301: nb301,
  'ofa-pn': ofaPn,
  'ofa-mbv3': ofaMbv3,
  'ofa-resnet': ofaResnet,
  hiaml,
  inception,
  'two-path': twoPath,
};

export type GraphFamilyId = keyof typeof graphFamilies;

/** A family by an id that comes from outside: a command line, a file. @throws ParseError naming the known ids. */
export function familyNamed(id: string): Family<string, FamilyConfig, object> {
  if (Object.hasOwn(graphFamilies, id)) {
    return graphFamilies[id as GraphFamilyId] as unknown as Family<string, FamilyConfig, object>;
  }
  const known = Object.keys(graphFamilies);
  const meant = nearest(String(id), known);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  throw new ParseError({ what: 'family', text: String(id), at: 0, expected: `one of ${known.join(', ')}${hint}` });
}
