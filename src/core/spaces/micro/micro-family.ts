import { ShapeError } from '../../base/errors.js';
import type { Rng } from '../../base/rng.js';
import type { ComputeGraph } from '../../ir/compute-graph.js';
import type { ArchId, SearchSpace } from '../space.js';
import type { Head } from './macro.js';

/** One of MicroBench's sets of architectures: a search space, and the small network that its cells are put into. */
export interface MicroFamily<FamilyId extends string = string, SpaceId extends string = string> {
  readonly id: FamilyId;
  readonly title: string;
  /** What the cells are, in words. */
  readonly says: string;
  readonly space: SearchSpace<SpaceId>;
  /** Any of the space's encodings -> architecture. @throws ParseError, also for those of the space that the family leaves out. */
  parse(text: string): ArchId<SpaceId>;
  /** The form in which tables name an architecture; `parse` reads it. */
  format(arch: ArchId<SpaceId>): string;
  /** The architecture that stands for all those with the same network; what is trained. */
  canonical(arch: ArchId<SpaceId>): ArchId<SpaceId>;
  /** Equal for architectures with the same network; splits go by it. */
  canonicalId(arch: ArchId<SpaceId>): string;
  /** Whether the network passes anything on from its input to its output. */
  isLive(arch: ArchId<SpaceId>): boolean;
  /** Equal for architectures of which one draw may hold one only. */
  drawnOnce(arch: ArchId<SpaceId>): string;
  /** Drawn as the family's file says. */
  sample(rng: Rng): ArchId<SpaceId>;
  /** The whole network of the canonical architecture. */
  toCompute(arch: ArchId<SpaceId>, head: Head): ComputeGraph;
  /** The network as written, with the operations that reach nothing: what a count of the text's parameters sees. */
  toComputeAsWritten(arch: ArchId<SpaceId>, head: Head): ComputeGraph;
}

/** Draws in a row without a new architecture after which a family is taken to have no more; E201 whole needs 8,171. */
const DRAWS_IN_VAIN = 50_000;

/**
 * The first `count` different live architectures of the family's one fixed order: a longer draw starts with a shorter
 * one, so that a table can grow.
 * @throws ShapeError when the family has fewer: when so many draws in a row brought none that is new.
 */
export function drawMicro<SpaceId extends string>(
  family: MicroFamily<string, SpaceId>,
  rng: Rng,
  count: number,
): ArchId<SpaceId>[] {
  const seen = new Set<string>();
  const drawn: ArchId<SpaceId>[] = [];
  const stream = rng.fork('microbench').fork(family.id);
  let inVain = 0;
  while (drawn.length < count) {
    if (inVain++ > DRAWS_IN_VAIN) {
      const expected = `at most the ${drawn.length.toLocaleString('en')} different architectures of ${family.id}`;
      throw new ShapeError({ argument: 'MicroBench: count', expected, got: count.toLocaleString('en') });
    }
    const arch = family.sample(stream);
    if (!family.isLive(arch)) continue;
    const key = family.drawnOnce(arch);
    if (seen.has(key)) continue;
    seen.add(key);
    drawn.push(arch);
    inVain = 0;
  }
  return drawn;
}
