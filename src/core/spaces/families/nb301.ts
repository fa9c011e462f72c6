import type { EdgeGraph } from '../../ir/cell-graph.js';
import type { ComputeGraph } from '../../ir/compute-graph.js';
import { nasbench301 } from '../nasbench301.js';
import type { ArchId } from '../space.js';
import type { Family, FamilyConfig } from './family.js';
import { Net } from './net.js';
import { spaceFamily } from './space-family.js';

export interface Genotype {
  readonly normal: readonly (readonly [op: string, from: number])[];
  readonly normal_concat: readonly number[];
  readonly reduce: readonly (readonly [op: string, from: number])[];
  readonly reduce_concat: readonly number[];
}

export interface Nb301Config extends FamilyConfig<'nasbench301'> {
  readonly genotype: Genotype;
}

/** 16 times the stem's multiplier of 3; the generator's cells start with as many as the stem gives. */
const CHANNELS = 48;
const CELLS = 20;
const REDUCTIONS = [6, 13];
const RATE = 2;

/**
 * DARTS' networks as NAS-Bench-301 has them: 20 cells, of which 6 and 13 halve the resolution and double the channels;
 * no auxiliary head. Nodes add two inputs; a cell in which a node takes the same predecessor twice keeps the second.
 */
export const nb301: Family<'nasbench301', Nb301Config, object> = spaceFamily({
  space: nasbench301,
  example:
    "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], normal_concat=[2, 3, 4, 5], reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), ('max_pool_3x3', 1), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), ('max_pool_3x3', 1)], reduce_concat=[2, 3, 4, 5])",
  says: "DARTS' genotype, or any other encoding of the space",
  defaults: {},
  write: (arch) => ({ family: 'nasbench301', genotype: genotypeOf(arch) }),
  textOf: ({ genotype }) => JSON.stringify(genotype),
  uses: () => true,
  toCompute,
});

/** The genotype as the space writes it, with Python's brackets made JSON's. */
function genotypeOf(arch: ArchId<'nasbench301'>): Genotype {
  const text = nasbench301.format(arch).slice('Genotype('.length, -1);
  const json = text
    .replace(/(\w+)=/g, '"$1":')
    .replaceAll('(', '[')
    .replaceAll(')', ']')
    .replaceAll("'", '"');
  return JSON.parse(`{${json}}`) as Genotype;
}

function toCompute(arch: ArchId<'nasbench301'>): ComputeGraph {
  const cells = nasbench301.toGraph(arch).cells.map((cell) => cell.graph);
  const net = new Net([32, 32, 3]);
  const stem = (path: string): number => {
    net.at = path;
    return net.norm(net.relu(net.conv(net.input, CHANNELS, 3)));
  };
  let before = stem('stem0');
  let last = stem('stem1');
  let channels = CHANNELS;
  let reduced = false;
  for (let i = 0; i < CELLS; i++) {
    const reduces = REDUCTIONS.includes(i);
    if (reduces) channels *= 2;
    const x = cellAfter(net, before, last, cells[reduces ? 1 : 0], { channels, reduces, reduced, path: `cell_${i}` });
    before = last;
    last = x;
    reduced = reduces;
  }
  net.at = 'outnet';
  return net.graph('nasbench301', net.conv(net.globalPool(last), 10, 1));
}

interface Place {
  readonly channels: number;
  readonly reduces: boolean;
  /** Whether the cell before it reduced. */
  readonly reduced: boolean;
  readonly path: string;
}

function cellAfter(net: Net, before: number, last: number, { edges }: EdgeGraph, place: Place): number {
  const { channels, path } = place;
  net.at = `${path}/preprocess0`;
  const first = place.reduced ? factorizedReduce(net, before, channels) : reluConvNorm(net, before, channels);
  net.at = `${path}/preprocess1`;
  const nodes = [first, reluConvNorm(net, last, channels)];
  for (let node = 2; node < 6; node++) {
    const terms = edges
      .filter((edge) => edge.to === node)
      .map(({ from, op }) => {
        net.at = `${path}/${from}_${node}`;
        return operation(net, nodes[from], op, channels, place.reduces && from < 2 ? 2 : 1);
      });
    net.at = path;
    nodes.push(terms.reduce((a, b) => net.add(a, b)));
  }
  return net.concat(nodes.slice(2));
}

function operation(net: Net, x: number, op: string, channels: number, stride: number): number {
  const kernel = op.endsWith('5x5') ? 5 : 3;
  switch (op) {
    case 'skip_connect':
      return stride === 1 ? net.identity(x) : factorizedReduce(net, x, channels);
    case 'max_pool_3x3':
      return net.pool(x, 'max', 3, stride);
    case 'avg_pool_3x3':
      return net.pool(x, 'avg', 3, stride);
    case 'dil_conv_3x3':
    case 'dil_conv_5x5':
      return net.cb(net.dilated(net.relu(x), kernel, RATE, stride), channels, 1);
    default: {
      // One ReLU only, where the PyTorch code has two.
      const half = net.cb(net.depthwise(net.relu(x), kernel, { stride }), channels, 1);
      return net.cb(net.depthwise(half, kernel), channels, 1);
    }
  }
}

function reluConvNorm(net: Net, x: number, channels: number): number {
  return net.cb(net.relu(x), channels, 1);
}

/** Two halves of the channels from the even and the odd places; the slice that shifts is left out, as published. */
function factorizedReduce(net: Net, x: number, channels: number): number {
  const from = net.relu(x);
  const halves = [channels / 2, channels / 2].map((half) => net.conv(from, half, 1, { stride: 2 }));
  return net.norm(net.concat(halves));
}
