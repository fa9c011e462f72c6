import { DataError, ParseError } from '../core/base/errors.js';
import { isTagged, type Notebook } from './notebook-file.js';

const DECLARATION = /^(\s*(?:const|let|var)\s+)([A-Za-z_$][\w$]*)(\s*(?::[^=]+)?=\s*)(.+?)(\s*;?\s*(?:\/\/.*)?)$/;

/** `dataset=cifar100` as name and value. @throws ParseError when there is no name or no `=`. */
export function parseParameter(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new ParseError({ what: '--param', text, at: Math.max(at, 0), expected: 'name=value' });
  return [text.slice(0, at).trim(), text.slice(at + 1)];
}

/**
 * The notebook with other values for the constants of its cell tagged `parameters`. That cell holds one constant a line,
 * `const trainSize = 128;`; the literal that stands there says the type of the new value: text, number, truth value, or a list.
 * @param values by name, as typed on a command line: `cifar100`, `512`, `true`, `[32, 128]`.
 * @param path names the notebook in errors.
 * @throws DataError when there is no such cell or constant; ParseError when a value is not of the constant's type.
 */
export function applyParameters(notebook: Notebook, values: Readonly<Record<string, string>>, path: string): Notebook {
  const wanted = Object.keys(values);
  if (wanted.length === 0) return notebook;
  const at = notebook.cells.findIndex((cell) => cell.cell_type === 'code' && isTagged(cell, 'parameters'));
  if (at < 0) {
    throw new DataError({
      path,
      expected: 'a code cell tagged "parameters"',
      got: 'none',
      fix: 'Run it without --param, or tag the cell that holds its constants.',
    });
  }
  const known = new Set<string>();
  const source = notebook.cells[at].source
    .split('\n')
    .map((line) => {
      const found = DECLARATION.exec(line);
      if (found === null) return line;
      const [, keyword, name, equals, literal, end] = found;
      known.add(name);
      return Object.hasOwn(values, name) ? `${keyword}${name}${equals}${literalLike(literal, name, values[name])}${end}` : line;
    })
    .join('\n');
  const missing = wanted.find((name) => !known.has(name));
  if (missing !== undefined) {
    throw new DataError({
      path,
      expected: `a parameter named ${missing}`,
      got: [...known].join(', ') || 'no parameters',
      fix: 'Use one of these names.',
    });
  }
  const cells = notebook.cells.map((cell, i) => (i === at ? { ...cell, source } : cell));
  return { ...notebook, cells };
}

/** A literal of `value` of the same type as the literal that stands there. */
function literalLike(literal: string, name: string, value: string): string {
  const refuse = (expected: string): ParseError => new ParseError({ what: `--param ${name}`, text: value, at: 0, expected });
  if (/^['"`]/.test(literal)) return JSON.stringify(value);
  if (literal === 'true' || literal === 'false') {
    if (value !== 'true' && value !== 'false') throw refuse('true or false');
    return value;
  }
  if (/^[-+]?[\d.]/.test(literal)) {
    if (value.trim() === '' || !Number.isFinite(Number(value))) throw refuse('a number');
    return String(Number(value));
  }
  if (literal.startsWith('[')) {
    let list: unknown;
    try {
      list = JSON.parse(value);
    } catch {
      throw refuse('a JSON list');
    }
    if (!Array.isArray(list)) throw refuse('a JSON list');
    return JSON.stringify(list);
  }
  throw refuse(`nothing: the constant's value ${literal} is not a text, a number, true, false or a list`);
}
