import type { Constant } from './constant.js';

export type AttributeValue =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly constant: Constant }
  | 'subgraph';

/** The attributes of a node, by name. One of another type than asked for counts as absent: files are not to be trusted. */
export class Attributes {
  constructor(private readonly values: ReadonlyMap<string, AttributeValue> = new Map()) {}

  has(name: string): boolean {
    return this.values.has(name);
  }

  number(name: string, otherwise: number): number {
    const value = this.values.get(name);
    return typeof value === 'number' ? value : otherwise;
  }

  text(name: string, otherwise: string): string {
    const value = this.values.get(name);
    return typeof value === 'string' ? value : otherwise;
  }

  /** Null where there are none. */
  numbers(name: string): readonly number[] | null {
    const value = this.values.get(name);
    if (!Array.isArray(value)) return null;
    return value.every((item) => typeof item === 'number') ? (value as readonly number[]) : null;
  }

  texts(name: string): readonly string[] {
    const value = this.values.get(name);
    if (!Array.isArray(value)) return [];
    return value.every((item) => typeof item === 'string') ? (value as readonly string[]) : [];
  }

  constant(name: string): Constant | null {
    const value = this.values.get(name);
    return typeof value === 'object' && 'constant' in value ? value.constant : null;
  }

  /** Whether a branch or a loop's body hangs on the node. */
  get subgraph(): boolean {
    return [...this.values.values()].includes('subgraph');
  }
}
