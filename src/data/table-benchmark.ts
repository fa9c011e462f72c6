import { DataError, UnsupportedError } from '../core/base/errors.js';
import { type FeatureTable, featureTable, take } from '../core/base/table.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import type { ArchId, SearchSpace } from '../core/spaces/space.js';
import { type Benchmark, type BenchmarkTable, type DataColumn, FAILED, type PublishedRows } from './benchmark.js';

/** What a benchmark says of itself beside its table. */
export interface BenchmarkHeader<Id extends string> {
  readonly id: string;
  readonly dataset: string;
  readonly title: string;
  readonly cite: string;
  readonly licence: string;
  readonly hash: string;
  readonly space: SearchSpace<Id>;
  /** Files that would give further columns and are not here; none unless said. */
  readonly absent?: readonly string[];
}

/** A benchmark over a table. Takes one `parse` an architecture; columns and graphs are made when first asked for. */
export function tableBenchmark<Id extends string>(header: BenchmarkHeader<Id>, table: BenchmarkTable): Benchmark<Id> {
  const { space } = header;
  const archs = table.archs.map((text) => space.parse(text));
  const made: (CellGraph | undefined)[] = new Array(archs.length);
  const graph = (row: number): CellGraph => {
    made[row] ??= space.toGraph(archs[row]);
    return made[row];
  };
  return new TableBenchmark({ header, table, archs, graph }, null, false);
}

/** What all selections of one benchmark share. */
interface Whole<Id extends string> {
  readonly header: BenchmarkHeader<Id>;
  readonly table: BenchmarkTable;
  readonly archs: readonly ArchId<Id>[];
  readonly graph: (row: number) => CellGraph;
}

const ROLES: readonly string[] = ['target', 'proxy', 'embedding'] satisfies DataColumn['role'][];

class TableBenchmark<Id extends string> implements Benchmark<Id> {
  readonly kind = 'benchmark';
  readonly id: string;
  readonly dataset: string;
  readonly title: string;
  readonly cite: string;
  readonly licence: string;
  readonly hash: string;
  readonly space: SearchSpace<Id>;
  readonly size: number;
  readonly archs: readonly ArchId<Id>[];
  readonly columns: readonly DataColumn[];
  readonly defaultTarget: string;
  readonly #whole: Whole<Id>;
  /** Rows of the whole table; null: all of them. */
  readonly #rows: Int32Array | null;
  readonly #keepFailed: boolean;
  readonly #values = new Map<string, Float64Array>();
  #graphs: readonly CellGraph[] | undefined;

  constructor(whole: Whole<Id>, rows: Int32Array | null, keepFailed: boolean) {
    const { header, table } = whole;
    this.id = header.id;
    this.dataset = header.dataset;
    this.title = header.title;
    this.cite = header.cite;
    this.licence = header.licence;
    this.hash = header.hash;
    this.space = header.space;
    this.archs = rows ? take(whole.archs, rows) : whole.archs;
    this.size = this.archs.length;
    this.columns = table.columns;
    this.defaultTarget = table.defaultTarget;
    this.#whole = whole;
    this.#rows = rows;
    this.#keepFailed = keepFailed;
  }

  get graphs(): readonly CellGraph[] {
    const { archs, graph } = this.#whole;
    this.#graphs ??= Array.from(this.#rows ?? archs.keys(), graph);
    return this.#graphs;
  }

  column(name: string): Float64Array {
    const known = this.#values.get(name);
    if (known) return known;
    const index = this.columns.findIndex((c) => c.name === name);
    if (index < 0) throw this.#unknown('a column', name, this.columns);
    const whole = this.#whole.table.values[index];
    let values = this.#rows ? take(whole, this.#rows) : whole;
    if (this.columns[index].role === 'proxy' && !this.#keepFailed && values.includes(FAILED)) {
      values = values.map((v) => (v === FAILED ? Number.NaN : v));
    }
    this.#values.set(name, values);
    return values;
  }

  target(name: string = this.defaultTarget): Float64Array {
    const targets = this.columns.filter((c) => c.role === 'target');
    if (!targets.some((c) => c.name === name)) throw this.#unknown('a target', name, targets);
    return this.column(name);
  }

  table(role: DataColumn['role']): FeatureTable {
    const columns = this.columns.filter((c) => c.role === role);
    return featureTable(
      this.size,
      columns,
      columns.map((c) => this.column(c.name)),
    );
  }

  rows(rows: ArrayLike<number>): Benchmark<Id> {
    const own = Array.from(this.#rows ?? this.archs.keys());
    return new TableBenchmark(this.#whole, Int32Array.from(take(own, rows)), this.#keepFailed);
  }

  complete(columns: readonly string[]): Benchmark<Id> {
    const needed = columns.flatMap((asked) => {
      // An own table may call a column `target` or `proxy`: the column is meant, not the role.
      const isRole = ROLES.includes(asked) && !this.columns.some((c) => c.name === asked);
      return isRole ? this.columns.filter((c) => c.role === asked).map((c) => this.column(c.name)) : [this.column(asked)];
    });
    const rows: number[] = [];
    for (let row = 0; row < this.size; row++) {
      if (needed.every((values) => !Number.isNaN(values[row]))) rows.push(row);
    }
    return this.rows(rows);
  }

  protocol(name: PublishedRows): Benchmark<Id> {
    const rows = Object.hasOwn(this.#whole.table.protocols, name) ? this.#whole.table.protocols[name] : undefined;
    if (!rows) {
      const known = Object.keys(this.#whole.table.protocols).join(', ') || 'none';
      throw new UnsupportedError(`${this.#title} under the protocol "${name}"`, `Its published protocols: ${known}.`);
    }
    if (this.#rows) {
      throw new UnsupportedError(
        'a protocol on a selection of rows',
        'Ask the loaded benchmark for its protocol first, then select rows of that.',
      );
    }
    return new TableBenchmark(this.#whole, rows, true);
  }

  get #title(): string {
    return this.dataset === '' ? this.id : `${this.id} (${this.dataset})`;
  }

  /** How to get what this table could have. */
  #further(): string {
    const { absent = [] } = this.#whole.header;
    return absent.length === 0 ? '' : ` Further ones come with: npx nascope data pull ${absent.join(' ')}`;
  }

  #unknown(what: string, name: string, known: readonly DataColumn[]): DataError {
    return new DataError({
      path: this.#title,
      expected: what,
      got: `"${name}"`,
      fix: `There are: ${known.map((c) => c.name).join(', ')}.${this.#further()}`,
    });
  }
}
