import { blockProperties, opsWith } from './block-properties.js';
import { type Feature, type FeatureFamily, GRAF_CITE } from './family.js';

/** For sequences of blocks: how often a property has occurred up to and including each position; 0 past the last block. */
export const posState: FeatureFamily = {
  id: 'pos_state',
  says: 'How often channels were doubled, and the resolution halved, up to each position.',
  cite: GRAF_CITE,
  features(example) {
    if (example.kind !== 'sequence') return [];
    const having = blockProperties.map((property) => opsWith(example, property));
    return Array.from({ length: example.maxLength }, (_, position) =>
      blockProperties.map(
        (property, p): Feature => ({
          column: {
            name: `pos_state_${property.letters}_pos_${position}`,
            says: `blocks up to number ${position + 1} that ${property.says} (0 if there are fewer blocks)`,
            family: 'pos_state',
            unit: 'blocks',
            ops: example.vocabulary.ops.filter((_op, i) => having[p][i]),
          },
          values({ rowCount, blocks }) {
            const state = new Int8Array(rowCount);
            for (let r = 0; r < rowCount; r++) {
              if (blocks[position][r] < 0) continue;
              for (let i = 0; i <= position; i++) if (having[p][blocks[i][r]]) state[r]++;
            }
            return state;
          },
        }),
      ),
    ).flat();
  },
};
