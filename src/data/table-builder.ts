import { DataError } from '../core/base/errors.js';
import type { SearchSpace } from '../core/spaces/space.js';
import type { BenchmarkTable, DataColumn } from './benchmark.js';

/** Numbers of some source, one an architecture, in that source's own order. */
export interface SourceColumn {
  readonly archs: readonly string[];
  readonly values: Float64Array;
}

/** Brings columns of several sources, each in its own row order, into one table. */
export class TableBuilder {
  readonly #archs: readonly string[];
  readonly #rowOf: ReadonlyMap<string, number>;
  readonly #columns: DataColumn[] = [];
  readonly #values: Float64Array[] = [];
  readonly #protocols: Record<string, Int32Array> = {};
  /** Rows of the lists that were placed: the columns of one file share their list. */
  readonly #placed = new Map<readonly string[], Int32Array>();
  readonly #parse: (text: string) => string;

  /** @throws DataError when an architecture comes twice; ParseError when it is not of the space. */
  constructor(space: SearchSpace, archs: readonly string[], source: string) {
    this.#parse = (text) => space.parse(text);
    this.#archs = archs.map(this.#parse);
    this.#rowOf = new Map(this.#archs.map((arch, row) => [arch, row]));
    if (this.#rowOf.size !== archs.length) {
      throw contradiction(source, 'every architecture once', `${archs.length - this.#rowOf.size} repeated`);
    }
  }

  /** Adds a column; architectures that its source does not name are missing (NaN). @throws DataError as `place`. */
  add(column: DataColumn, from: SourceColumn): void {
    const values = new Float64Array(this.#archs.length).fill(Number.NaN);
    const rows = this.#place(from.archs, column.source);
    for (let i = 0; i < rows.length; i++) values[rows[i]] = from.values[i];
    this.#columns.push(column);
    this.#values.push(values);
  }

  /** Names a published protocol: the architectures it uses, in its order. */
  protocol(name: string, archs: readonly string[], source: string): void {
    this.#protocols[name] = this.#place(archs, source);
  }

  /** Holds a second publication of a column against the table. @throws DataError when any number differs. */
  agree(name: string, from: SourceColumn, source: string): void {
    const values = this.#values[this.#columns.findIndex((c) => c.name === name)];
    const rows = this.#place(from.archs, source);
    for (let i = 0; i < rows.length; i++) {
      if (values[rows[i]] !== from.values[i]) {
        throw contradiction(
          source,
          `${name} ${values[rows[i]]} of ${from.archs[i]}, as another file has it`,
          `${from.values[i]}`,
        );
      }
    }
  }

  build(defaultTarget: string): BenchmarkTable {
    return { archs: this.#archs, columns: this.#columns, values: this.#values, defaultTarget, protocols: this.#protocols };
  }

  #place(archs: readonly string[], source: string): Int32Array {
    const known = this.#placed.get(archs);
    if (known) return known;
    const seen = new Set<number>();
    const rows = Int32Array.from(archs, (text) => {
      const row = this.#rowOf.get(text) ?? this.#rowOf.get(this.#parse(text));
      if (row === undefined) throw contradiction(source, 'architectures that the benchmark holds', text);
      if (seen.has(row)) throw contradiction(source, 'every architecture once', `${text} twice`);
      seen.add(row);
      return row;
    });
    this.#placed.set(archs, rows);
    return rows;
  }
}

function contradiction(path: string, expected: string, got: string): DataError {
  return new DataError({ path, expected, got, fix: 'The importer and this file do not fit each other: please report it.' });
}
