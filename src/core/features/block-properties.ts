import type { SequenceGraph } from '../ir/cell-graph.js';

/** What a block can do to the feature map, in the order and the letters of the reference's names. */
export interface BlockProperty {
  readonly key: string;
  readonly letters: string;
  /** "doubles the channels" */
  readonly says: string;
}

export const blockProperties: readonly [BlockProperty, BlockProperty] = [
  { key: 'channels', letters: 'ch', says: 'double the channels' },
  { key: 'stride', letters: 's', says: 'halve the resolution' },
];

/** For each of `vocabulary.ops` whether it has the property. */
export function opsWith(graph: SequenceGraph, property: BlockProperty): readonly boolean[] {
  return graph.vocabulary.ops.map((op) => graph.properties[op]?.[property.key] === true);
}
