import { describe, expect, it } from 'vitest';
import { spaces } from '../../../src/core/spaces/index.js';

const { nasbench301 } = spaces;
const transnasMacro = spaces['transnas-macro'];

/** The second-order cells of the DARTS paper, as its code prints them. */
const DARTS_V2 =
  "Genotype(normal=[('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 0), ('sep_conv_3x3', 1), ('sep_conv_3x3', 1), ('skip_connect', 0), ('skip_connect', 0), ('dil_conv_3x3', 2)], normal_concat=range(2, 6), reduce=[('max_pool_3x3', 0), ('max_pool_3x3', 1), ('skip_connect', 2), ('max_pool_3x3', 1), ('max_pool_3x3', 0), ('skip_connect', 2), ('skip_connect', 2), ('max_pool_3x3', 1)], reduce_concat=range(2, 6))";
const COMPACT =
  '(((0, 3), (1, 3), (0, 3), (1, 3), (1, 3), (0, 2), (0, 2), (2, 5)), ((0, 0), (1, 0), (2, 2), (1, 0), (0, 0), (2, 2), (2, 2), (1, 0)))';

describe('NAS-Bench-301', () => {
  it("reads DARTS' genotype, and NASLib's compact form with any brackets and blanks", () => {
    expect(nasbench301.parse(DARTS_V2)).toBe(COMPACT);
    expect(nasbench301.parse(COMPACT.replaceAll(' ', ''))).toBe(COMPACT);
    expect(nasbench301.parse(COMPACT.replace('(((', '[[(').replace(')), ((', ')], [(').replace(')))', ')]]'))).toBe(COMPACT);
    expect(nasbench301.parse(JSON.stringify(JSON.parse(COMPACT.replaceAll('(', '[').replaceAll(')', ']'))))).toBe(COMPACT);
  });

  it('puts the edges in genotype order and the four output edges last', () => {
    const { cells } = nasbench301.toGraph(nasbench301.parse(COMPACT));
    expect(cells.map((cell) => cell.name)).toEqual(['normal', 'reduce']);
    const [normal] = cells;
    expect(normal.graph.nodeNames).toEqual(['c_{k-2}', 'c_{k-1}', '0', '1', '2', '3', 'c_{k}']);
    expect([normal.graph.inputs, normal.graph.output]).toEqual([[0, 1], 6]);
    expect(normal.graph.edges.map(({ from, to, op }) => `${from}-${to} ${op}`)).toEqual([
      '0-2 sep_conv_3x3',
      '1-2 sep_conv_3x3',
      '0-3 sep_conv_3x3',
      '1-3 sep_conv_3x3',
      '1-4 sep_conv_3x3',
      '0-4 skip_connect',
      '0-5 skip_connect',
      '2-5 dil_conv_3x3',
      '2-6 out',
      '3-6 out',
      '4-6 out',
      '5-6 out',
    ]);
  });

  it('keeps one edge where a node takes the same predecessor twice: the later operation in the place of the earlier', () => {
    const twice = nasbench301.parse(COMPACT.replace('(0, 3), (1, 3), (0, 3)', '(0, 3), (0, 5), (0, 3)'));
    const { edges } = nasbench301.toGraph(twice).cells[0].graph;
    expect(edges.length).toBe(11);
    expect(edges[0]).toEqual({ from: 0, to: 2, op: 'dil_conv_3x3' });
    expect(nasbench301.parse(nasbench301.format(twice))).toBe(twice);
  });

  it('takes the two orders of a node for the same network, and nothing else', () => {
    const swapped = nasbench301.parse(COMPACT.replace('(0, 2), (2, 5)', '(2, 5), (0, 2)'));
    const arch = nasbench301.parse(COMPACT);
    expect(nasbench301.identity(swapped)).toBe(nasbench301.identity(arch));
    expect(nasbench301.canonical(swapped)).toBe(swapped);
    const identities = new Set([arch, ...nasbench301.neighbours(arch)].map(nasbench301.identity));
    expect(identities.size).toBe(nasbench301.neighbours(arch).length + 1);
  });

  it('has 6 * 16 neighbours by operation and 12 + 12 by predecessor', () => {
    // A node with p predecessors has p - 2 others for each of its two inputs: 2 * (0 + 1 + 2 + 3) a cell.
    expect(nasbench301.neighbours(nasbench301.parse(COMPACT)).length).toBe(96 + 24);
  });
});

describe('TransNAS-Bench-101 macro', () => {
  it('knows what each block does', () => {
    const graph = transnasMacro.toGraph(transnasMacro.parse('64-1234-basic'));
    expect(graph.blocks).toEqual(['plain', 'channel', 'stride', 'both']);
    expect(graph.blocks.map((block) => graph.properties[block])).toEqual([
      { channels: false, stride: false },
      { channels: true, stride: false },
      { channels: false, stride: true },
      { channels: true, stride: true },
    ]);
  });

  it('has the neighbours that stay inside the space', () => {
    // 1114 holds the only stride and the only doubling in its last block: that block cannot change, the others freely.
    expect(transnasMacro.neighbours(transnasMacro.parse('1114')).length).toBe(9);
  });
});
