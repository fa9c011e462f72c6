import { describe, expect, it } from 'vitest';
import { edgePairs, predecessors, successors } from '../../../src/core/ir/adjacency.js';
import { paths } from '../../../src/core/ir/paths.js';
import { spaces } from '../../../src/core/spaces/index.js';

const { nasbench101, nasbench201, nasbench301 } = spaces;
const four = nasbench201.toGraph(nasbench201.parse('403143'));
/** 0 -> 1 -> 3, 0 -> 3, and vertex 2 that only leads to the output. */
const dangling = nasbench101.toGraph(
  nasbench101.parse(
    '{"matrix":[[0,1,0,1],[0,0,0,1],[0,0,0,1],[0,0,0,0]],"ops":["input","maxpool3x3","conv1x1-bn-relu","output"]}',
  ),
);

describe('adjacency', () => {
  it('lists targets and edges of each node in edge order', () => {
    const { starts, targets, edges } = successors(four);
    expect([...starts]).toEqual([0, 3, 5, 6, 6]);
    expect([...targets]).toEqual([1, 2, 3, 2, 3, 3]);
    expect([...edges]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('lists sources the same way, whatever the order of the edges', () => {
    const { starts, targets, edges } = predecessors(four);
    expect([...starts]).toEqual([0, 0, 1, 3, 6]);
    expect([...targets]).toEqual([0, 0, 1, 0, 1, 2]);
    expect([...edges]).toEqual([0, 1, 3, 2, 4, 5]);
  });

  it('gives node graphs the same view', () => {
    expect([...successors(dangling).targets]).toEqual([1, 3, 3, 3]);
    expect(edgePairs(dangling)).toEqual([
      [0, 1],
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
  });
});

describe('paths', () => {
  it('finds the four paths of a four-node cell, depth first', () => {
    expect([...paths(four)]).toEqual([[0, 3, 5], [0, 4], [1, 5], [2]]);
  });

  it('finds the paths of each input of a cell with two', () => {
    const [normal] = nasbench301.toGraph(nasbench301.parse(nasbench301.encodings[0].example)).cells;
    // Nodes 0, 1, 2, 3 take (c_{k-2}, c_{k-1}), (c_{k-2}, 0), (0, c_{k-2}), (0, 1): 1, 2, 2, 3 paths from c_{k-2}, 1, 1, 1, 2 from c_{k-1}.
    expect([...paths(normal.graph)].filter(([first]) => normal.graph.edges[first].from === 0).length).toBe(8);
    expect([...paths(normal.graph)].length).toBe(13);
  });

  it('takes no way that only leads to the output', () => {
    expect([...paths(dangling)]).toEqual([[0, 2], [1]]);
  });
});
