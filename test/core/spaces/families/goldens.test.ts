import { expect, it } from 'vitest';
import { cgName } from '../../../../src/core/ir/cg-vocabulary.js';
import { computeEdges, isWeighted } from '../../../../src/core/ir/compute-graph.js';
import { cost } from '../../../../src/core/ir/cost.js';
import { laplacianSpectrum } from '../../../../src/core/ir/spectrum.js';
import { familyNamed } from '../../../../src/core/spaces/families/index.js';
import { describeShared, readShared } from '../../../shared.js';

interface Golden {
  readonly config: { readonly family: string };
  readonly N: number;
  readonly W: number;
  readonly E: number;
  readonly ops: Readonly<Record<string, number>>;
  readonly flops_counter: number;
  readonly macs: number;
  readonly params: number;
  readonly eig21: readonly number[];
}

describeShared('the families against graphs of the original generators', () => {
  const goldens = JSON.parse(readShared('goldens', 'cg_counts.json')) as Readonly<Record<string, Golden>>;

  it('are held to forty-one graphs', () => {
    expect(Object.keys(goldens)).toHaveLength(41);
  });

  for (const [name, golden] of Object.entries(goldens)) {
    it(`${name} has the same nodes, edges, operations, costs and eigenvalues`, () => {
      const family = familyNamed(golden.config.family);
      const graph = family.toCompute(family.read(golden.config));
      const ops: Record<string, number> = {};
      for (const { op } of graph.nodes) ops[cgName(op)] = (ops[cgName(op)] ?? 0) + 1;
      const { flops, macs, params } = cost(graph);
      expect({
        N: graph.nodes.length,
        W: graph.nodes.filter((node) => isWeighted(node.op)).length,
        E: computeEdges(graph).length,
        ops,
        flops_counter: flops,
        macs,
        params,
      }).toEqual({
        N: golden.N,
        W: golden.W,
        E: golden.E,
        ops: golden.ops,
        flops_counter: golden.flops_counter,
        macs: golden.macs,
        params: golden.params,
      });
      const eigenvalues = laplacianSpectrum(graph);
      golden.eig21.forEach((value, i) => {
        expect(Math.abs((eigenvalues?.[i] ?? Number.NaN) - value)).toBeLessThan(1e-6);
      });
    });
  }
});
