import type { ComputeGraph } from '../../ir/compute-graph.js';
import { nasbench201 } from '../nasbench201.js';
import type { ArchId } from '../space.js';
import type { Family, FamilyConfig } from './family.js';
import { Net } from './net.js';
import { spaceFamily } from './space-family.js';

export interface Nb201Options {
  /**
   * What a skip connection becomes. The released data has an Identity node, though the released code names it so that
   * it is pruned away.
   */
  readonly skip: 'identity' | 'pruned';
}

const [CHANNELS, STACKS, CELLS] = [16, 3, 5];

export interface Nb201Config extends FamilyConfig<'nasbench201'> {
  /** The benchmark's own arch string. */
  readonly arch: string;
}

/**
 * NAS-Bench-201's networks: three stacks of five cells, 16, 32 and 64 channels. A `none` edge is left out; a node of a
 * cell without inputs becomes one Zero node where something reads it. Draws are uniform over the 4,096 cells without `none`.
 */
export const nb201: Family<'nasbench201', Nb201Config, Nb201Options> = spaceFamily({
  space: nasbench201,
  example: '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|',
  says: "the benchmark's own arch string, or any other encoding of the space",
  defaults: { skip: 'identity' },
  write: (arch) => ({ family: 'nasbench201', arch: nasbench201.format(arch) }),
  textOf: (config) => config.arch,
  uses: (arch) => !nasbench201.format(arch).includes('none'),
  toCompute,
});

function toCompute(arch: ArchId<'nasbench201'>, { skip }: Nb201Options): ComputeGraph {
  const { edges } = nasbench201.toGraph(arch);
  const opOf = (from: number, to: number): string => edges.find((edge) => edge.from === from && edge.to === to)?.op ?? 'none';
  const net = new Net([32, 32, 3]);
  net.at = 'stem';
  let x = net.cb(net.input, CHANNELS, 3);
  for (let stack = 0; stack < STACKS; stack++) {
    if (stack > 0) x = reduction(net, x, CHANNELS * 2 ** stack, stack - 1);
    for (let cell = 0; cell < CELLS; cell++) x = cellAfter(net, x, opOf, skip, `cell_${stack}_${cell}`);
  }
  net.at = 'outnet';
  return net.graph(`nasbench201 ${nasbench201.format(arch)}`, net.dense(net.identity(net.mean(x)), 10));
}

function cellAfter(
  net: Net,
  input: number,
  opOf: (from: number, to: number) => string,
  skip: Nb201Options['skip'],
  path: string,
): number {
  const nodes: (number | null)[] = [input];
  const zeros = (): number => {
    net.at = path;
    return net.zero(net.shape(input));
  };
  const edge = (from: number, to: number): number | null => {
    const op = opOf(from, to);
    if (op === 'none') return null;
    nodes[from] ??= zeros();
    const x = nodes[from];
    net.at = `${path}/${from}_${to}`;
    if (op === 'skip_connect') return skip === 'identity' ? net.identity(x) : x;
    if (op === 'avg_pool_3x3') return net.norm(net.pool(x, 'avg', 3, 1));
    return net.cb(net.relu(x), net.channels(x), op === 'nor_conv_3x3' ? 3 : 1);
  };
  /** Sums one after the other, in the order given. */
  const sum = (terms: readonly (number | null)[]): number | null => {
    net.at = path;
    return terms.reduce((a, b) => (a === null ? b : b === null ? a : net.add(a, b)), null);
  };
  nodes[1] = edge(0, 1);
  const into2 = [edge(0, 2), edge(1, 2)];
  const into3 = [edge(0, 3), edge(1, 3)];
  nodes[2] = sum(into2);
  return sum([edge(2, 3), into3[1], into3[0]]) ?? zeros();
}

function reduction(net: Net, x: number, channels: number, number: number): number {
  net.at = `reduction_${number}`;
  const first = net.relu(net.conv(x, channels / 2, 3));
  const main = net.conv(first, channels, 3, { stride: 2 });
  const short = net.conv(net.pool(x, 'avg', 3, 2), channels, 1);
  return net.relu(net.add(main, short));
}
