import type { ComputeGraph } from '../../ir/compute-graph.js';
import type { ArchId, SearchSpace } from '../space.js';
import { fieldsOf, readText } from './config-fields.js';
import { type Family, type FamilyConfig, pick } from './family.js';

/** What turns a search space of cells into a family of networks. */
export interface SpaceFamilyParts<Id extends string, Config extends FamilyConfig<Id>, Options> {
  readonly space: SearchSpace<Id>;
  readonly example: string;
  readonly says: string;
  readonly defaults: Options;
  /** The configuration of a cell. */
  write(arch: ArchId<Id>): Config;
  /** The cell's text, in one of the space's encodings, from a configuration's fields. */
  textOf(config: Config): string;
  /** Whether the family's authors use an architecture: only such are drawn. Others are read and generated too. */
  uses(arch: ArchId<Id>): boolean;
  toCompute(arch: ArchId<Id>, options: Options): ComputeGraph;
}

/**
 * A family whose architectures are those of a search space: its text form is the space's official one, draws are the
 * space's, a mutation is one of the space's neighbours, both among those that the authors use. Cells are in the cleaned form where the space has one that
 * computes the same network (NAS-Bench-101's pruned cells).
 */
export function spaceFamily<Id extends string, Config extends FamilyConfig<Id>, Options>(
  parts: SpaceFamilyParts<Id, Config, Options>,
): Family<Id, Config, Options> {
  const { space, defaults } = parts;
  const archOf = (config: Config): ArchId<Id> => space.parse(parts.textOf(config));
  const family: Family<Id, Config, Options> = {
    id: space.id,
    title: space.title,
    cite: space.cite,
    example: parts.example,
    says: parts.says,
    defaults,
    parse(text) {
      const value = readText(space.id, text, () => null);
      if (value !== null && Object.hasOwn(value as object, 'family')) return family.read(value);
      return parts.write(space.parse(text));
    },
    format: (config) => space.format(archOf(config)),
    read(value) {
      fieldsOf(space.id, value);
      return parts.write(archOf(value as Config));
    },
    sample(rng) {
      for (;;) {
        const arch = space.sample(rng);
        if (parts.uses(arch)) return parts.write(arch);
      }
    },
    mutate: (config, rng) => parts.write(pick(rng, space.neighbours(archOf(config)).filter(parts.uses))),
    toCompute: (config, options) => parts.toCompute(archOf(config), { ...defaults, ...options }),
  };
  return family;
}
