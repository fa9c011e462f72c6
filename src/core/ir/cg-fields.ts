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
    const { value, path, problem } = this.get(name);
    if (!Array.isArray(value)) throw problem.call(this.get(name), 'a list');
    return value.map((item, i) => new CgFields(item, `${path}[${i}]`));
  }

  text(name: string): string {
    const field = this.get(name);
    if (typeof field.value !== 'string') throw field.problem('a text');
    return field.value;
  }

  number(name: string, otherwise: number): number {
    if (this.value === null) return otherwise;
    const field = this.get(name);
    if (field.value === undefined || field.value === null) return otherwise;
    if (!Number.isInteger(field.value) || Number(field.value) < 0) throw field.problem('a whole number');
    return Number(field.value);
  }

  /** Null where the field is not a list (a padding can be a word). */
  numbers(name: string): readonly number[] | null {
    const value = this.value === null ? null : this.get(name).value;
    if (!Array.isArray(value)) return null;
    if (!value.every((item) => Number.isFinite(item))) throw this.get(name).problem('a list of numbers');
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
