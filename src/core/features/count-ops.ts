import { blockProperties, opsWith } from './block-properties.js';
import { type FeatureFamily, GRAF_CITE } from './family.js';

/** For sequences of blocks: how many blocks have each combination of the properties. */
export const countOps: FeatureFamily = {
  id: 'count_ops',
  says: 'How many blocks double the channels, halve the resolution, both or neither.',
  cite: GRAF_CITE,
  features(example) {
    if (example.kind !== 'sequence') return [];
    const [channels, stride] = blockProperties;
    const doubles = opsWith(example, channels);
    const halves = opsWith(example, stride);
    return [true, false].flatMap((ch) =>
      [true, false].map((s) => {
        const counted = doubles.map((does, op) => does === ch && halves[op] === s);
        return {
          column: {
            name: `count_ops_${channels.letters}${truth(ch)}${stride.letters}${truth(s)}`,
            says: `blocks that ${ch ? '' : 'do not '}${channels.says} and ${s ? '' : 'do not '}${stride.says}`,
            family: 'count_ops',
            unit: 'blocks',
            ops: example.vocabulary.ops.filter((_, op) => counted[op]),
          },
          values({ rowCount, blocks }) {
            const counts = new Int8Array(rowCount);
            for (const ops of blocks) for (let r = 0; r < rowCount; r++) if (ops[r] >= 0 && counted[ops[r]]) counts[r]++;
            return counts;
          },
        };
      }),
    );
  },
};

/** As the reference's language prints it. */
function truth(value: boolean): string {
  return value ? 'True' : 'False';
}
