import { ShapeError } from '../base/errors.js';
import type { FeatureTable } from '../base/table.js';
import { features } from '../features/index.js';
import { editWords } from '../spaces/edit-words.js';
import type { ArchId, SearchSpace } from '../spaces/space.js';
import type { Asked } from './places.js';

export interface EditOptions<Id extends string = string> {
  /** The columns that the model knows, of architectures; GRAF (icml24, full) of their graphs unless said. */
  readonly features?: (archs: readonly ArchId<Id>[]) => FeatureTable;
  /** Which predictions are better; `higher` unless said. */
  readonly better?: 'higher' | 'lower';
  /** Which edited architectures are looked at; all that compute something else than before unless said. */
  readonly among?: (arch: ArchId<Id>) => boolean;
}

/** One change of an architecture: an operation, or (where the space has a choice of them) a connection. */
export interface Edit<Id extends string = string> {
  readonly to: ArchId<Id>;
  /** "1→3: none becomes nor_conv_3x3". */
  readonly says: string;
  readonly predicted: number;
  /** Predicted, less what is predicted of the architecture as it is; in the target's unit. */
  readonly change: number;
}

/** What a model expects of every single change of an architecture. */
export interface Edits<Id extends string = string> {
  readonly kind: 'edits';
  readonly space: SearchSpace<Id>;
  readonly arch: ArchId<Id>;
  readonly better: 'higher' | 'lower';
  /** What the model predicts of the architecture as it is. */
  readonly predicted: number;
  /** Best first, equal ones in the space's order. */
  readonly edits: readonly Edit<Id>[];
}

/**
 * Counterfactual edits: every architecture one change away, by what a model predicts of it, best first. What the model
 * expects need not be so: `editsHeld` asks a benchmark that lists all architectures.
 * @param model anything that predicts from a table of `options.features`.
 * Changes that leave the function as it was (another operation on an idle connection, by the space's `identity`) are left out.
 * @throws ShapeError as the model does when the columns are not its own. Takes one prediction of all neighbours.
 */
export function edits<Id extends string>(
  model: Asked,
  space: SearchSpace<Id>,
  arch: ArchId<Id>,
  options: EditOptions<Id> = {},
): Edits<Id> {
  return editsOfAll(model, space, [arch], options)[0];
}

/** The same of many architectures, each different one predicted once. */
export function editsOfAll<Id extends string>(
  model: Asked,
  space: SearchSpace<Id>,
  archs: readonly ArchId<Id>[],
  options: EditOptions<Id> = {},
): Edits<Id>[] {
  if (archs.length === 0) throw new ShapeError({ argument: 'edits: archs', expected: 'at least one', got: 'none' });
  const { better = 'higher', among = () => true } = options;
  const columnsOf = options.features ?? ((of) => features(of.map((arch) => space.toGraph(arch))));
  const identities = new Map<ArchId<Id>, string>();
  const identity = (arch: ArchId<Id>): string => {
    const known = identities.get(arch) ?? space.identity(arch);
    identities.set(arch, known);
    return known;
  };
  const reached = archs.map((arch) =>
    space.neighbours(arch).filter((other) => identity(other) !== identity(arch) && among(other)),
  );
  const all = [...new Set([...archs, ...reached.flat()])];
  const predictions = model.predict(columnsOf(all));
  const predicted = new Map(all.map((arch, row) => [arch, predictions[row]]));
  const sign = better === 'higher' ? 1 : -1;
  return archs.map((arch, i) => {
    const before = predicted.get(arch) as number;
    const graph = space.toGraph(arch);
    const made = reached[i].map((to) => {
      const after = predicted.get(to) as number;
      return { to, predicted: after, change: after - before };
    });
    made.sort((a, b) => sign * (b.change - a.change));
    return {
      kind: 'edits',
      space,
      arch,
      better,
      predicted: before,
      // Words are made when they are read: thousands of architectures have hundreds of thousands of edits.
      edits: made.map(({ to, predicted: after, change }) => ({
        to,
        predicted: after,
        change,
        get says() {
          return editWords(graph, space.toGraph(to));
        },
      })),
    };
  });
}
