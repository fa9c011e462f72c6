import { ParseError, UnsupportedError } from '../base/errors.js';
import { type FeatureTable, featureTable } from '../base/table.js';
import type { CellGraph } from '../ir/cell-graph.js';
import { readGraphs } from './batch.js';
import { countOps } from './count-ops.js';
import type { FamilyOptions, FeatureFamily, GrafConfig, GrafVersion } from './family.js';
import { maxOpOnPath } from './max-op-on-path.js';
import { minPathLen } from './min-path-len.js';
import { nodeDegree } from './node-degree.js';
import { opCount } from './op-count.js';
import { posState } from './pos-state.js';

export { type LinearSelection, linearSelection } from './linear-selection.js';
export { onehot } from './onehot.js';
export { pathEncoding } from './path-encoding.js';
export { weisfeilerLehman } from './weisfeiler-lehman.js';

/** The feature families by id, in the order in which their columns stand. */
export const families: {
  readonly op_count: FeatureFamily;
  readonly min_path_len: FeatureFamily;
  readonly max_op_on_path: FeatureFamily;
  readonly node_degree: FeatureFamily;
  readonly count_ops: FeatureFamily;
  readonly pos_state: FeatureFamily;
} = {
  op_count: opCount,
  min_path_len: minPathLen,
  max_op_on_path: maxOpOnPath,
  node_degree: nodeDegree,
  count_ops: countOps,
  pos_state: posState,
};

export type FamilyId = keyof typeof families;

export interface FeaturesOptions {
  /** `icml24`: the definition behind the published numbers. */
  readonly version?: GrafVersion;
  readonly config?: GrafConfig;
}

const DEFAULTS: FamilyOptions = { version: 'icml24', config: 'full' };
/** What GRAF is in the literature. A family that is added later is asked for by name: published numbers never grow columns. */
const GRAF: readonly FamilyId[] = ['op_count', 'min_path_len', 'max_op_on_path', 'node_degree', 'count_ops', 'pos_state'];
const VERSIONS: readonly GrafVersion[] = ['icml24', 'main'];
const CONFIGS: readonly GrafConfig[] = ['full', 'short'];

/**
 * GRAF: numbers about the graph of an architecture, one row a graph. Columns stand in the reference's order (that of
 * `families`), whatever order is asked for, and carry the reference's names and their meaning in words.
 * @param graphs graphs of one space.
 * @param ids families; those of GRAF that apply to the space when left out.
 * @throws ShapeError for no graphs or graphs of several spaces; ParseError for an unknown family, version or config;
 * UnsupportedError for a family that does not apply to the space.
 * Takes about half a microsecond a NAS-Bench-201 cell (191 columns), one a NAS-Bench-101 cell (47 columns) and thirty a
 * DARTS network (1,540 columns).
 */
export function features(graphs: readonly CellGraph[], ids?: readonly FamilyId[], options: FeaturesOptions = {}): FeatureTable {
  return featuresFrom(graphs.length, (row) => graphs[row], ids, options);
}

/**
 * `features` of graphs that are made one by one and not kept: 423,624 NAS-Bench-101 cells take 61 MB of columns and
 * less than that to work in. `graphAt` is called once a row, in order.
 */
export function featuresFrom(
  count: number,
  graphAt: (row: number) => CellGraph,
  ids?: readonly FamilyId[],
  options: FeaturesOptions = {},
): FeatureTable {
  const settings: FamilyOptions = {
    version: oneOf('features: version', options.version ?? DEFAULTS.version, VERSIONS),
    config: oneOf('features: config', options.config ?? DEFAULTS.config, CONFIGS),
  };
  const known = Object.keys(families) as FamilyId[];
  for (const id of ids ?? []) oneOf('features: families', id, known);
  const batch = readGraphs(count, graphAt);
  const { example } = batch;
  const byFamily = known.map((id) => ({ id, features: families[id].features(example, settings) }));
  const applying = byFamily.filter((family) => family.features.length > 0);
  for (const id of ids ?? []) {
    if (!applying.some((family) => family.id === id)) {
      throw new UnsupportedError(
        `Feature family ${id} on ${example.space}`,
        `Families for it: ${applying.map((family) => family.id).join(', ')}.`,
      );
    }
  }
  const chosen = applying.filter(({ id }) => (ids ?? GRAF).includes(id)).flatMap((family) => family.features);
  return featureTable(
    count,
    chosen.map((feature) => feature.column),
    chosen.map((feature) => feature.values(batch)),
  );
}

function oneOf<T extends string>(what: string, text: T, known: readonly T[]): T {
  if (known.includes(text)) return text;
  throw new ParseError({ what, text: String(text), at: 0, expected: `one of ${known.join(', ')}` });
}
