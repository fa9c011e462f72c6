import { DataError } from '../base/errors.js';

/** A part of the file that knows where it stands. */
export class CgFields {
  constructor(
    readonly value: unknown,
    private readonly path: string,
  ) {}

  get(name: string): CgFields {
    if (typeof this.value !== 'object' || this.value === null) throw this.problem('an object');
    return new CgFields((this.value as Record<string, unknown>)[name], `${this.path}: ${name}`);
  }

  list(name: string): CgFields[] {
    const field = this.get(name);
    if (!Array.isArray(field.value)) throw field.problem('a list');
    return Array.from(field.value, (item: unknown, i) => new CgFields(item, `${field.path}[${i}]`));
  }

  text(name: string): string {
    const field = this.get(name);
    if (typeof field.value !== 'string') throw field.problem('a text');
    return field.value;
  }

  /** A whole number of at least `least`; `otherwise` where there is none. */
  number(name: string, otherwise: number, least = 0): number {
    if (this.value === null) return otherwise;
    const field = this.get(name);
    if (field.value === undefined || field.value === null) return otherwise;
    if (!isWhole(field.value, least)) throw field.problem(`a whole number of at least ${least}`);
    return field.value;
  }

  /** So many whole numbers (any number for null); null where the field is not a list (a padding can be a word). */
  numbers(name: string, count: number | null, least = 0): readonly number[] | null {
    if (this.value === null) return null;
    const field = this.get(name);
    const { value } = field;
    if (!Array.isArray(value)) return null;
    if ((count !== null && value.length !== count) || !Array.from(value).every((item) => isWhole(item, least))) {
      throw field.problem(`${count ?? 'any number of'} whole numbers of at least ${least}`);
    }
    return value;
  }

  /** An object, or null. */
  record(name: string): CgFields {
    const field = this.get(name);
    if (field.value === undefined) return new CgFields(null, field.path);
    if (typeof field.value !== 'object' || Array.isArray(field.value)) throw field.problem('an object or null');
    return field;
  }

  problem(expected: string, got: string = JSON.stringify(this.value)?.slice(0, 80) ?? 'nothing'): DataError {
    return new DataError({ path: this.path, expected, got, fix: 'The format is that of GENNAPE’s get_cg_state_dict.' });
  }
}

function isWhole(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 2 ** 31;
}
