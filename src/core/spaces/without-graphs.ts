import { UnsupportedError } from '../base/errors.js';
import type { ArchId, Encoding, SearchSpace } from './space.js';

/** Networks that have texts but no rule here that makes graphs of them. */
export interface TextSpaceParts<Id extends string> {
  readonly id: Id;
  readonly title: string;
  readonly cite: string;
  readonly encoding: Encoding;
  /** Any text -> the one text of that network. @throws ParseError */
  read(text: string): string;
}

/**
 * A space of networks that are known by their texts alone: `parse` and `format` work; graphs, draws and neighbours are
 * refused as an UnsupportedError, so that a benchmark of them still has its table.
 */
export function spaceWithoutGraphs<Id extends string>({ id, title, cite, encoding, read }: TextSpaceParts<Id>): SearchSpace<Id> {
  const refuse = (what: string): never => {
    throw new UnsupportedError(`${what} of ${id}`, 'Only the tables of this benchmark are here: use its columns.');
  };
  return {
    id,
    title,
    cite,
    vocabulary: { markers: [], ops: [], phantoms: [], zero: null },
    size: null,
    encodings: [encoding],
    parse: (text) => read(text) as ArchId<Id>,
    format: (arch) => arch,
    toGraph: () => refuse('a graph'),
    sample: () => refuse('a random network'),
    all: null,
    neighbours: () => refuse('a neighbour'),
    canonical: (arch) => arch,
    /** By text: two texts may well be one network. */
    identity: (arch) => arch,
  };
}
