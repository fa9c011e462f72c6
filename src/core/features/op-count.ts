import { carrierWord, cellsOf, inCell } from './cells.js';
import { type FeatureFamily, GRAF_CITE } from './family.js';

/** How often a cell holds each entry of the vocabulary; in `icml24` also those that no network of the space holds. */
export const opCount: FeatureFamily = {
  id: 'op_count',
  says: 'How often each operation occurs.',
  cite: GRAF_CITE,
  features: (example, { version }) =>
    cellsOf(example).flatMap((cell, c) => {
      const { markers, ops, phantoms } = cell.graph.vocabulary;
      return [...markers, ...ops, ...(version === 'icml24' ? phantoms : [])].map((op, id) => ({
        column: {
          name: `op_count_${cell.name === '' ? '' : `${cell.name}_`}${id}`,
          says: `number of ${op} ${carrierWord(cell.graph)}${inCell(cell)}`,
          family: 'op_count',
          unit: carrierWord(cell.graph),
          ops: [op],
        },
        values: (batch) => batch.cells[c].counts(id),
      }));
    }),
};
