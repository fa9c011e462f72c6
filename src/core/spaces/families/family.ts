import type { Rng } from '../../base/rng.js';
import type { ComputeGraph } from '../../ir/compute-graph.js';

/** An architecture as plain JSON data that names its family. */
export interface FamilyConfig<Id extends string = string> {
  readonly family: Id;
}

/**
 * A generator of computation graphs: a set of architectures, each of which becomes a whole network of atomic
 * operations. A `SearchSpace` is about cells and their text forms; a family is about the network made of them. Families
 * whose cells are a search space read and draw architectures through it.
 */
export interface Family<Id extends string = string, Config extends FamilyConfig<Id> = FamilyConfig<Id>, Options = object> {
  readonly id: Id;
  readonly title: string;
  readonly cite: string;
  /** An architecture in the family's text form. */
  readonly example: string;
  /** The text form, in words. */
  readonly says: string;
  /** What can be chosen about the generator, at its default. */
  readonly defaults: Options;
  /** The text form, or the configuration as JSON -> configuration. @throws ParseError saying what was expected where. */
  parse(text: string): Config;
  /** Its inverse: `parse(format(c))` equals `c`. */
  format(config: Config): string;
  /** A configuration that comes from outside as parsed JSON. @throws ParseError naming the field. */
  read(value: unknown): Config;
  /** Drawn as the family's authors did; the file says how. */
  sample(rng: Rng, options?: Partial<Options>): Config;
  /** Another architecture one change away. */
  mutate(config: Config, rng: Rng): Config;
  /** The network of atomic operations, in the published order of definition. */
  toCompute(config: Config, options?: Partial<Options>): ComputeGraph;
}

/** One of the items. */
export function pick<T>(rng: Rng, items: readonly T[]): T {
  return items[rng.int(items.length)];
}

/** One of the items that is not the present one. */
export function pickOther<T>(rng: Rng, items: readonly T[], present: T): T {
  return pick(
    rng,
    items.filter((item) => item !== present),
  );
}

/** A copy with another item at one place. */
export function replaced<T>(items: readonly T[], at: number, by: T): T[] {
  return items.map((item, i) => (i === at ? by : item));
}
