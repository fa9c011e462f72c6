import type { AttributeValue } from './attributes.js';
import type { Constant } from './constant.js';
import type { ImportBudget } from './import-budget.js';
import type { NamedShape } from './imported-model.js';

/**
 * TensorFlow's NodeDef, whether it came from a frozen graph's wire format or from the JSON of a tfjs graph-model.
 * @see tensorflow/tensorflow: tensorflow/core/framework/node_def.proto
 */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** `name`, `name:port` or, for an order without data, `^name`. */
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

export interface GraphDef {
  readonly nodes: readonly NodeDef[];
  /** Functions that the graph calls. */
  readonly functions: readonly string[];
}

/** tensorflow/core/framework/types.proto */
export const DATA_TYPES: readonly string[] = [
  ...['DT_INVALID', 'DT_FLOAT', 'DT_DOUBLE', 'DT_INT32', 'DT_UINT8', 'DT_INT16', 'DT_INT8', 'DT_STRING', 'DT_COMPLEX64'],
  ...['DT_INT64', 'DT_BOOL', 'DT_QINT8', 'DT_QUINT8', 'DT_QINT32', 'DT_BFLOAT16', 'DT_QINT16', 'DT_QUINT16', 'DT_UINT16'],
  ...['DT_COMPLEX128', 'DT_HALF', 'DT_RESOURCE', 'DT_VARIANT', 'DT_UINT32', 'DT_UINT64'],
];

export function kindOfType(type: string): Constant['kind'] {
  if (['DT_FLOAT', 'DT_DOUBLE', 'DT_BFLOAT16', 'DT_HALF'].includes(type)) return 'float';
  return /INT/.test(type) ? 'integer' : 'other';
}

/** The first output of a node has the node's own name, further ones `name:port`, as inputs name them. */
export function tensorName(input: string): string {
  return input.endsWith(':0') ? input.slice(0, -2) : input;
}

/** How many outputs of each node anything reads. @throws DataError where they are too many. */
export function portsOf(
  nodes: readonly NodeDef[],
  outputs: readonly NamedShape[],
  budget: ImportBudget,
): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  const see = (input: string): void => {
    const colon = /^(.*):(\d{1,4})$/.exec(input);
    if (colon !== null) ports.set(colon[1], Math.max(ports.get(colon[1]) ?? 1, Number(colon[2]) + 1));
  };
  for (const { inputs } of nodes) inputs.forEach(see);
  for (const { name } of outputs) see(name);
  for (const count of ports.values()) budget.item(count);
  return ports;
}
