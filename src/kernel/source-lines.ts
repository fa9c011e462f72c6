/** A place in a text: both from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** From places in generated text to places in the text it was made of. */
export type PlaceMap = (place: Place) => Place | null;

/** Per generated line: generated column, original line, original column, one after the other. */
type Segments = readonly (readonly number[])[];

/**
 * The inverse of a compiler: where in the source a generated character came from. Decoded at first use, because most
 * cells never fail.
 * @param mappings the field of that name in a source map of version 3 that has one source.
 */
export function placeMap(mappings: string): PlaceMap {
  let segments: Segments | null = null;
  return (place) => {
    segments ??= decode(mappings);
    for (let line = Math.min(place.line, segments.length - 1); line >= 0; line--) {
      const found = nearest(segments[line], line === place.line ? place.column : Number.POSITIVE_INFINITY);
      if (found !== null) return found;
    }
    return null;
  };
}

/** First through one map, then through the next: of two compilers, one after the other. */
export function composed(last: PlaceMap, first: PlaceMap): PlaceMap {
  return (place) => {
    const between = last(place);
    return between === null ? null : first(between);
  };
}

/** The last segment at or before the column; code that a compiler put in front of a line belongs to what follows it. */
function nearest(segments: readonly number[], column: number): Place | null {
  if (segments.length === 0) return null;
  let at = 0;
  while (at + 3 < segments.length && segments[at + 3] <= column) at += 3;
  return { line: segments[at + 1], column: segments[at + 2] };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function decode(mappings: string): Segments {
  let line = 0;
  let column = 0;
  return mappings.split(';').map((group) => {
    let generated = 0;
    const segments: number[] = [];
    for (const text of group === '' ? [] : group.split(',')) {
      const fields = decodeNumbers(text);
      generated += fields[0];
      if (fields.length < 4) continue;
      line += fields[2];
      column += fields[3];
      segments.push(generated, line, column);
    }
    return segments;
  });
}

/** Base 64, five bits a digit, least first; the lowest bit of the number is its sign. */
function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const digit of text) {
    const bits = DIGITS.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if ((bits & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}
