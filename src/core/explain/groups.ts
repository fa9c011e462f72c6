import type { Column } from '../base/table.js';
import { families } from '../features/index.js';
import type { Importance } from './importance.js';
import { type ShapValues, shapOf } from './treeshap.js';

/** Columns gathered under heads. A column may belong to several, by shares that add up to 1, so that nothing is lost or counted twice. */
export interface ColumnGroups {
  /** The heads, as columns of their own: what `Importance` and figures are about. */
  readonly heads: readonly Column[];
  /** For each column: its heads' numbers and its share in each. */
  readonly members: readonly (readonly { readonly head: number; readonly share: number }[])[];
}

/** What the heads of families that are no graph features are called. */
const OTHER_FAMILIES: Readonly<Record<string, string>> = {
  zcp: 'zero-cost proxies',
  onehot: 'one-hot encoding',
  path: 'path encoding',
  arch2vec: 'arch2vec embedding',
  micro: 'suggested by small trained networks',
};
const GRAPH_FAMILIES: Readonly<Record<keyof typeof families, string>> = {
  op_count: 'numbers of operations',
  min_path_len: 'shortest paths',
  max_op_on_path: 'operations on one path',
  node_degree: 'node degrees',
  count_ops: 'numbers of blocks',
  pos_state: 'where channels and strides change',
};
/** The head of columns that are about no operation in particular. */
const NO_OPERATION = 'no operation in particular';

/** Columns by feature family, in plain words with the number of columns. */
export function familyGroups(columns: readonly Column[]): ColumnGroups {
  const names = [...new Set(columns.map((column) => column.family))];
  const called = (family: string): string =>
    family in families
      ? GRAPH_FAMILIES[family as keyof typeof families]
      : (OTHER_FAMILIES[family] ?? family.replaceAll('_', ' '));
  const heads = names.map((family) => {
    const count = columns.filter((column) => column.family === family).length;
    return { name: family, says: `${called(family)} (${count})`, family, unit: '' };
  });
  return { heads, members: columns.map(({ family }) => [{ head: names.indexOf(family), share: 1 }]) };
}

/**
 * Columns by the operations that they are about; a column about several belongs to each in equal parts, and one about no
 * operation (a proxy) to a head of its own.
 */
export function opGroups(columns: readonly Column[]): ColumnGroups {
  const ops = [...new Set(columns.flatMap((column) => column.ops ?? []))];
  const isBare = (column: Column): boolean => (column.ops ?? []).length === 0;
  const names = columns.some(isBare) ? [...ops, NO_OPERATION] : ops;
  return {
    heads: names.map((name) => ({ name, says: name, family: name === NO_OPERATION ? 'other' : 'operation', unit: '' })),
    members: columns.map((column) =>
      isBare(column)
        ? [{ head: names.length - 1, share: 1 }]
        : (column.ops as readonly string[]).map((op, _, own) => ({ head: names.indexOf(op), share: 1 / own.length })),
    ),
  };
}

/** Importances summed up under their heads. A head of many columns has more to add up; see `groupShap` for what they do together. */
export function groupImportance({ columns, mean, method, unit }: Importance, groups: ColumnGroups): Importance {
  const sums = new Float64Array(groups.heads.length);
  columns.forEach((_, c) => {
    for (const { head, share } of groups.members[c]) sums[head] += share * mean[c];
  });
  return { kind: 'importance', method: `sum of ${method}`, unit, columns: groups.heads, mean: sums };
}

/**
 * SHAP values summed up under their heads, row by row: still additive, and columns that say the same thing with opposite
 * signs cancel out, as they do in the prediction.
 */
export function groupShap(shap: ShapValues, groups: ColumnGroups): ShapValues {
  const [width, heads] = [shap.columns.length, groups.heads.length];
  const values = new Float64Array(shap.rowCount * heads);
  for (let r = 0; r < shap.rowCount; r++) {
    for (let c = 0; c < width; c++) {
      for (const { head, share } of groups.members[c]) values[r * heads + head] += share * shap.values[r * width + c];
    }
  }
  return shapOf(groups.heads, shap.base, values);
}
