import type { ComputeGraph, TensorShape } from '../../ir/compute-graph.js';
import { nasbench101 } from '../nasbench101.js';
import type { ArchId } from '../space.js';
import type { Family, FamilyConfig } from './family.js';
import { Net } from './net.js';
import { spaceFamily } from './space-family.js';

export interface Nb101Config extends FamilyConfig<'nasbench101'> {
  /** `input`, operations, `output`. */
  readonly ops: readonly string[];
  /** 1 where an edge goes from the row's vertex to the column's. */
  readonly matrix: readonly (readonly number[])[];
}

const [CHANNELS, STACKS, MODULES] = [128, 3, 3];

/** NAS-Bench-101's networks: three stacks of three modules, 128, 256 and 512 channels. Cells are pruned first. */
export const nb101: Family<'nasbench101', Nb101Config, object> = spaceFamily({
  space: nasbench101,
  example: '{"matrix":[[0,1,0,1],[0,0,1,0],[0,0,0,1],[0,0,0,0]],"ops":["input","conv3x3-bn-relu","conv3x3-bn-relu","output"]}',
  says: 'adjacency matrix and operations as JSON, or any other encoding of the space',
  defaults: {},
  write(arch) {
    const { matrix, ops } = JSON.parse(nasbench101.format(nasbench101.canonical(arch))) as Omit<Nb101Config, 'family'>;
    return { family: 'nasbench101', ops, matrix };
  },
  textOf: ({ ops, matrix }) => JSON.stringify({ matrix, ops }),
  uses: () => true,
  toCompute,
});

/** A cell as its generator needs it. */
interface Cell {
  readonly ops: readonly string[];
  /** Whether an edge goes from one vertex to another. */
  joined(from: number, to: number): boolean;
}

function toCompute(arch: ArchId<'nasbench101'>): ComputeGraph {
  const { nodes: ops, edges } = nasbench101.toGraph(nasbench101.canonical(arch));
  const cell: Cell = { ops, joined: (from, to) => edges.some((edge) => edge[0] === from && edge[1] === to) };
  const net = new Net([32, 32, 3]);
  net.at = 'stem';
  let x = net.cbr(net.input, CHANNELS, 3);
  for (let stack = 0; stack < STACKS; stack++) {
    net.at = `stack${stack}/downsample`;
    if (stack > 0) x = net.pool(x, 'max', 2, 2);
    for (let module = 0; module < MODULES; module++) {
      x = moduleAfter(net, x, cell, CHANNELS * 2 ** stack, `stack${stack}/module${module}`);
    }
  }
  net.at = 'outnet';
  return net.graph(`nasbench101 ${nasbench101.identity(arch)}`, net.dense(net.mean(x), 10));
}

function moduleAfter(net: Net, input: number, cell: Cell, channels: number, path: string): number {
  const last = cell.ops.length - 1;
  const widths = vertexChannels(cell, net.channels(input), channels);
  const [height, width] = net.shape(input);
  const vertices: number[] = [input];
  const projected = (to: number, filters: number): number => {
    net.at = to === last ? `${path}/projection` : `${path}/vertex_${to}/projection`;
    return net.cbr(input, filters, 1);
  };
  for (let t = 1; t < last; t++) {
    const terms = vertices.slice(1).filter((_, i) => cell.joined(i + 1, t));
    if (cell.joined(0, t)) terms.push(projected(t, widths[t]));
    net.at = `${path}/vertex_${t}`;
    // A vertex with more channels is cut to the first of them, by a slice that the published graphs leave out.
    const reads = terms.some((term) => net.channels(term) !== widths[t]) ? [height, width, widths[t]] : null;
    const summed = terms.length > 1;
    vertices.push(operation(net, summed ? net.addAll(terms, reads) : terms[0], cell.ops[t], widths[t], summed ? null : reads));
  }
  const contributors = vertices.slice(1).filter((_, i) => cell.joined(i + 1, last));
  if (contributors.length === 0) return projected(last, channels);
  net.at = path;
  const out = contributors.length === 1 ? contributors[0] : net.concat(contributors);
  if (!cell.joined(0, last)) return out;
  const short = projected(last, channels);
  net.at = path;
  return net.add(out, short);
}

function operation(net: Net, x: number, op: string, channels: number, reads: TensorShape | null): number {
  if (op === 'maxpool3x3') return net.pool(x, 'max', 3, 1, reads);
  return net.cbr(x, channels, op === 'conv3x3-bn-relu' ? 3 : 1, { reads });
}

/**
 * Channels of each vertex: those that feed the output share its channels, earlier ones one more where they do not divide;
 * every other vertex has as many as the widest that it feeds. @see nasbench/lib/model_builder.py, `compute_vertex_channels`.
 */
function vertexChannels({ ops, joined }: Cell, input: number, output: number): number[] {
  const last = ops.length - 1;
  const channels = ops.map(() => 0);
  channels[0] = input;
  channels[last] = output;
  if (last === 1) return channels;
  const feeding = ops.flatMap((_, v) => (v > 0 && v < last && joined(v, last) ? [v] : []));
  const share = Math.floor(output / feeding.length);
  const more = output % feeding.length;
  feeding.forEach((v, i) => {
    channels[v] = share + (i < more ? 1 : 0);
  });
  for (let v = last - 2; v > 0; v--) {
    if (joined(v, last)) continue;
    for (let to = v + 1; to < last; to++) if (joined(v, to)) channels[v] = Math.max(channels[v], channels[to]);
  }
  return channels;
}
