import { axisOf, type Call, type Tensor, volumeOf } from './meaning.js';
import type { SourceNode } from './source-network.js';

/** What is known of the network around a node. */
export interface Surroundings {
  readonly tensor: (name: string) => Tensor | undefined;
  readonly maker: (name: string) => SourceNode | undefined;
  readonly readers: (name: string) => readonly SourceNode[];
}

/** Values for constants, by name; `wait` where the network around the node is not known yet. */
export type Deduced = ReadonlyMap<string, readonly number[]> | 'wait' | null;

/**
 * A tfjs `model.json` has the shapes of constants, not their numbers: axes, paddings and targets of reshapes are in the
 * weight files. Where the network around a node leaves one choice (a sum needs two equal shapes, a concatenation equal
 * other axes, a reshape an equal volume) it is taken; else what networks do nearly always.
 */
export function missingValues(call: Call, around: Surroundings, mayWait: boolean): Deduced {
  const { node, inputs } = call;
  const x = inputs[0];
  if (!x) return null;
  const rank = x.shape.length;
  const fill = (input: number, values: readonly number[]): Deduced => new Map([[node.inputs[input], values]]);
  const unknown = (input: number): boolean => inputs[input]?.constant === true && inputs[input]?.values === null;
  switch (node.op) {
    case 'Pad':
    case 'PadV2':
    case 'MirrorPad': {
      if (!unknown(1)) return null;
      const wanted = partnerShape(node, around, mayWait);
      if (wanted === 'wait') return 'wait';
      if (wanted?.length === rank) return fill(1, pairs(wanted.map((extent, i) => extent - x.shape[i])));
      return fill(
        1,
        pairs(x.shape.map((extent, i) => (rank === 4 && (i === 1 || i === 2) ? beforeWindow(node, extent, i, around) : 0))),
      );
    }
    case 'ConcatV2': {
      const last = inputs.length - 1;
      const parts = inputs.slice(0, -1).filter((part) => part !== null);
      if (!unknown(last) || parts.some(({ shape }) => shape.length !== rank)) return null;
      const different = x.shape.findIndex((extent, i) => parts.some(({ shape }) => shape[i] !== extent));
      return fill(last, [different >= 0 ? different : rank - 1]);
    }
    case 'Reshape':
      return reshapeTarget(node, x, around);
    case 'ExpandDims':
      // Before a convolution the channels have to stay last.
      return unknown(1)
        ? fill(1, [around.readers(node.outputs[0]).some(({ op }) => op.includes('Conv2D')) ? rank - 1 : 0])
        : null;
    case 'Transpose':
      if (!unknown(1)) return null;
      return fill(1, rank === 4 ? [0, 2, 1, 3] : x.shape.map((_, i) => (i < rank - 2 ? i : 2 * rank - 3 - i)));
    case 'Mean':
    case 'Sum':
    case 'Max':
    case 'Min':
    case 'Prod':
      return unknown(1) ? fill(1, rank === 4 && node.op === 'Mean' ? [1, 2] : [rank - 1]) : null;
    case 'ArgMax':
    case 'ArgMin':
      return unknown(1) ? fill(1, [Math.min(1, rank - 1)]) : null;
    case 'GatherV2':
      return unknown(2) ? fill(2, [0]) : null;
    case 'Split':
      return x.constant && x.values === null ? fill(0, [(inputs[1]?.shape.length ?? 1) - 1]) : null;
    case 'SplitV': {
      const sizes = inputs[1];
      if (!unknown(2) && !unknown(1)) return null;
      const axis = inputs[2]?.values?.[0] ?? rank - 1;
      const at = axisOf(axis, rank);
      const parts = sizes === null || sizes === undefined ? 0 : volumeOf(sizes.shape);
      if (at === null || parts < 1 || parts > 4096 || x.shape[at] % parts !== 0) return null;
      const equal = new Array<number>(parts).fill(x.shape[at] / parts);
      return new Map([
        [node.inputs[1], sizes?.values ?? equal],
        [node.inputs[2], [axis]],
      ]);
    }
    case 'StridedSlice': {
      // One entry, nearly always of a shape, and there the batch.
      if (node.attributes.number('shrink_axis_mask', 0) !== 1 || !unknown(1)) return null;
      const ones = [...new Set(node.inputs.slice(2, 4))].map((name) => [name, [1]] as const);
      return new Map<string, readonly number[]>([[node.inputs[1], [0]], ...ones]);
    }
    case 'ResizeBilinear':
    case 'ResizeNearestNeighbor': {
      if (inputs[1]?.values !== null || rank !== 4) return null;
      const wanted = partnerShape(node, around, mayWait);
      if (wanted === 'wait') return 'wait';
      return fill(1, wanted?.length === 4 ? [wanted[1], wanted[2]] : [2 * x.shape[1], 2 * x.shape[2]]);
    }
    default:
      return null;
  }
}

const SUMS: readonly string[] = ['Add', 'AddV2', 'AddN', 'Sub', 'Mul', 'Maximum'];

/** The shape of what is added to a node's result; `wait` while that is not known. */
function partnerShape(
  node: SourceNode,
  { readers, tensor, maker }: Surroundings,
  mayWait: boolean,
): readonly number[] | 'wait' | null {
  for (const reader of readers(node.outputs[0])) {
    if (!SUMS.includes(reader.op)) continue;
    for (const name of reader.inputs) {
      if (name === node.outputs[0]) continue;
      const other = tensor(name);
      if (other === undefined && mayWait && maker(name) !== undefined) return 'wait';
      if (other !== undefined && !other.constant) return other.shape;
    }
  }
  return null;
}

/** What makes a window without padding of its own stand on as many places as one with `same` padding. */
function beforeWindow(node: SourceNode, extent: number, axis: number, { readers, tensor }: Surroundings): number {
  const reader = readers(node.outputs[0]).find(({ op }) => op.includes('Conv') || op.endsWith('Pool'));
  if (reader === undefined) return 0;
  const kernel = tensor(reader.inputs[1])?.shape[axis - 1] ?? reader.attributes.numbers('ksize')?.[axis] ?? 1;
  const stride = reader.attributes.numbers('strides')?.[axis] ?? 1;
  return Math.max(0, (Math.ceil(extent / stride) - 1) * stride + kernel - extent);
}

/** Margins before and after for each axis; an odd one goes behind. */
function pairs(totals: readonly number[]): number[] {
  return totals.flatMap((total, axis) => {
    const channels = axis === totals.length - 1;
    const before = channels ? 0 : Math.floor(Math.max(total, 0) / 2);
    return [before, Math.max(total, 0) - before];
  });
}

/** One extent that is missing follows from the volume. */
function reshapeTarget(node: SourceNode, x: Tensor, { maker, tensor, readers }: Surroundings): Deduced {
  const packed = maker(node.inputs[1]);
  if (packed?.op === 'Pack') {
    const found = new Map<string, readonly number[]>();
    const extents = packed.inputs.map((name) => {
      const value = tensor(name)?.values?.[0];
      if (value !== undefined || !readers(name).some((reader) => reader.op === 'ConcatV2' && reader.inputs.at(-1) === name))
        return value;
      // A number that is the axis of a concatenation elsewhere and an extent here can hardly be but 1.
      found.set(name, [1]);
      return 1;
    });
    const open = extents.flatMap((extent, i) => (extent === undefined ? [i] : []));
    const names = [...new Set(open.map((i) => packed.inputs[i]))];
    const rest = volumeOf(x.shape) / volumeOf(extents.filter((extent) => extent !== undefined));
    // What is left over: the same number may serve several reshapes of different volumes.
    if (open.length === 1) found.set(names[0], [-1]);
    else if (open.length > 1) {
      // The last axis stays, the first of the open ones takes what is left.
      const last = open[open.length - 1] === extents.length - 1 ? x.shape[x.shape.length - 1] : 1;
      names.forEach((name, k) => {
        found.set(name, [k === 0 ? rest / last : k === names.length - 1 ? last : 1]);
      });
    }
    const values = packed.inputs.map((name, i) => found.get(name)?.[0] ?? extents[i] ?? 1);
    found.set(node.inputs[1], values);
    return found.size > 0 && values.every((value) => value === -1 || (Number.isInteger(value) && value >= 1)) ? found : null;
  }
  const target = tensor(node.inputs[1]);
  if (target === undefined || target.values !== null || target.shape.length !== 1) return null;
  const [rank, volume, own] = [target.shape[0], volumeOf(x.shape), x.shape.length];
  if (rank < 1 || rank > 8) return null;
  // The first axis and the last ones stay, what is between them is joined or opened.
  const keep = Math.min(rank, own) - 1;
  const tail = keep < 1 ? [] : x.shape.slice(own - keep);
  const lead = new Array<number>(rank - tail.length).fill(1);
  lead[lead.length - 1] = volume / volumeOf(tail);
  return new Map([[node.inputs[1], [...lead, ...tail]]]);
}
