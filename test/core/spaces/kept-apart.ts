import { functionalClass } from '../../../src/core/spaces/cell-function.js';
import { type SpaceId, space, spaces } from '../../../src/core/spaces/index.js';
import type { ArchId } from '../../../src/core/spaces/space.js';

const { nasbench101, nasbench201 } = spaces;
const cell: ArchId<'nasbench201'> = nasbench201.parse('(4, 0, 3, 1, 4, 3)');

/** Uses that the compiler takes. */
export const taken: readonly unknown[] = [
  (): string => cell,
  () => functionalClass(nasbench201.toGraph(cell)),
  () => space('nasbench201').toGraph(cell),
];

/** Uses that it refuses; where it does not, the remark above the line is the error. */
export const refused: readonly unknown[] = [
  // @ts-expect-error a raw string is not a parsed architecture
  () => nasbench201.toGraph('(4, 0, 3, 1, 4, 3)'),
  // @ts-expect-error an architecture of another space
  () => nasbench101.toGraph(cell),
  // @ts-expect-error an architecture of another space
  (): ArchId<'nasbench101'> => cell,
  // @ts-expect-error a node graph is not a cell with operations on its edges
  () => functionalClass(nasbench101.toGraph(nasbench101.parse('(0, 1, 0, 0, 0, 1)'))),
  // @ts-expect-error a misspelt id
  (): SpaceId => 'nasbench21',
  // @ts-expect-error a misspelt id
  () => space('nasbench21'),
];
