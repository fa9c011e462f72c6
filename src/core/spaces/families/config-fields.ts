import { ParseError } from '../../base/errors.js';

/** A part of a configuration that comes from outside, and its path for messages: `two-path: paths[0][1]`. */
export class ConfigField {
  constructor(
    readonly value: unknown,
    readonly path: string,
  ) {}

  /** A field of an object. @throws ParseError when this is none. */
  get(name: string): ConfigField {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) throw this.problem('an object');
    const held = Object.hasOwn(this.value, name) ? (this.value as Record<string, unknown>)[name] : undefined;
    return new ConfigField(held, `${this.path}: ${name}`);
  }

  /** The items of a list. @throws ParseError when it is none, or has not between `least` and `most` items. */
  items(least: number, most: number): ConfigField[] {
    const { value } = this;
    const count = least === most ? `${least}` : `${least} to ${most}`;
    if (!Array.isArray(value) || value.length < least || value.length > most) throw this.problem(`a list of ${count} items`);
    return value.map((item, i) => new ConfigField(item, `${this.path}[${i}]`));
  }

  oneOf<T extends string | number>(known: readonly T[]): T {
    const found = known.find((item) => item === this.value);
    if (found === undefined) throw this.problem(`one of ${known.join(', ')}`);
    return found;
  }

  whole(least: number, most: number): number {
    const { value } = this;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw this.problem(`a whole number in ${least}..${most}`);
    }
    return value;
  }

  problem(expected: string): ParseError {
    const { value } = this;
    const text = typeof value === 'string' ? value : value === undefined ? '' : (JSON.stringify(value) ?? String(value));
    return new ParseError({ what: this.path, text, at: 0, expected });
  }
}

/** Longer than any configuration by far. */
const LONGEST = 100_000;

/**
 * A text that is either a configuration as JSON or the family's own text form.
 * @param own the fields that the text form spells out, from its text.
 */
export function readText(family: string, text: string, own: (text: string) => unknown): unknown {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) {
    throw new ParseError({ what: family, text, at: LONGEST, expected: `at most ${LONGEST} characters` });
  }
  if (!trimmed.startsWith('{')) return own(trimmed);
  try {
    return JSON.parse(trimmed);
  } catch (error) {
    const at = /position (\d+)/.exec(String(error));
    throw new ParseError({
      what: family,
      text: trimmed,
      at: at === null ? 0 : Number(at[1]),
      expected: 'a configuration as JSON',
    });
  }
}

/** @throws ParseError when the configuration names another family. */
export function fieldsOf(family: string, value: unknown): ConfigField {
  const fields = new ConfigField(value, family);
  const named = fields.get('family');
  if (named.value !== undefined) named.oneOf([family]);
  return fields;
}
