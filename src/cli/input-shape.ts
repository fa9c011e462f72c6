import { ParseError } from '../core/base/errors.js';
import { type InputShapes, MOST_EXTENT } from '../data/import/input-shapes.js';

/** The option as the commands have it. */
export const INPUT_SHAPE = '--input-shape <name=extents>';

/** What the help of each command says of it. */
export const INPUT_SHAPE_SAYS =
  'extents of an input that network files leave open, batch first, in their layout; may be repeated';

const EXAMPLE = 'such as image=1,3,32,32';

/** `image=1,3,32,32` on top of the shapes that came before it. Names may hold `=` and `:`, as TensorFlow's do. */
export function inputShape(text: string, before: InputShapes = {}): InputShapes {
  const problem = (at: number, expected: string): ParseError => new ParseError({ what: '--input-shape', text, at, expected });
  const equals = text.lastIndexOf('=');
  const name = text.slice(0, Math.max(0, equals));
  if (name === '') throw problem(0, `an input's name, = and its extents, ${EXAMPLE}`);
  if (Object.hasOwn(before, name)) throw problem(0, `each input once (${name} came twice)`);
  let at = equals + 1;
  const extents = text
    .slice(at)
    .split(',')
    .map((part) => {
      const extent = Number(part);
      if (!/^\d+$/.test(part) || extent < 1 || extent > MOST_EXTENT) {
        throw problem(at, `whole numbers of at least 1 between commas, batch first, ${EXAMPLE}`);
      }
      at += part.length + 1;
      return extent;
    });
  return { ...before, [name]: extents };
}

/** For what reads no network files. @throws ParseError when shapes were given all the same. */
export function refuseInputShape(shapes: InputShapes | undefined, reads: string): void {
  if (shapes === undefined) return;
  const text = Object.keys(shapes).join(', ');
  throw new ParseError({ what: '--input-shape', text, at: 0, expected: `none: ${reads} has no input that a file leaves open` });
}
