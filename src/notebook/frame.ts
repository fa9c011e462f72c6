import { createRequire } from 'node:module';
import type { ColumnTable } from 'arquero';
import type { DataFrame } from 'danfojs-node';
import type { FeatureTable } from '../core/base/table.js';
import type { Benchmark } from '../data/benchmark.js';
import { namedColumns, type TableLike } from '../data/table-like.js';

type Danfo = typeof import('danfojs-node');
type Arquero = typeof import('arquero');

/** What becomes a data frame: a benchmark, a feature table, or a table in any other form. */
export type FrameSource = Benchmark | FeatureTable | TableLike;

/**
 * A danfo DataFrame with one row an architecture: of a benchmark its architectures, targets and proxies (embeddings stay
 * out: `bench.table('embedding')`); of a feature table its columns under their reference names. Missing numbers are NaN: danfo
 * leaves them out of its statistics, and no comparison holds for them (null would count as 0).
 * Takes some tenths of a second for 15,625 rows of 60 columns, and a second or more to load danfo, once.
 */
export function frame(source: FrameSource): DataFrame {
  const { names, columns, rowCount } = plainColumns(source);
  const rows: unknown[][] = [];
  for (let r = 0; r < rowCount; r++) rows.push(columns.map((column) => column[r]));
  const { DataFrame } = danfo();
  return new DataFrame(rows, { columns: [...names] });
}

/** The same as an arquero table; number columns are shared, not copied. Missing numbers are NaN, which arquero leaves out of its statistics. */
export function table(source: FrameSource): ColumnTable {
  const { names, columns } = plainColumns(source);
  return arquero().table(names.map((name, i) => [name, columns[i]] as const) as never);
}

/** Danfo, loaded when first needed. */
export function danfo(): Danfo {
  const loaded = createRequire(import.meta.url)('danfojs-node') as Danfo;
  // Danfo's tensors would greet every first use with an advertisement; production mode leaves it out and changes no number.
  loaded.tensorflow.enableProdMode();
  return loaded;
}

/** Arquero, loaded when first needed: it is a module, which `require` can load since Node 20.19. */
export function arquero(): Arquero {
  return createRequire(import.meta.url)('arquero') as Arquero;
}

interface PlainColumns {
  readonly rowCount: number;
  readonly names: readonly string[];
  readonly columns: readonly ArrayLike<unknown>[];
}

function plainColumns(source: FrameSource): PlainColumns {
  if (isKind(source, 'benchmark')) {
    const shown = source.columns.filter((column) => column.role !== 'embedding');
    return {
      rowCount: source.size,
      names: ['arch', ...shown.map((column) => column.name)],
      columns: [source.archs, ...shown.map((column) => source.column(column.name))],
    };
  }
  if (isKind(source, 'feature-table')) {
    return { rowCount: source.rowCount, names: source.columns.map((column) => column.name), columns: source.values };
  }
  const { rowCount, names, cells } = namedColumns(source);
  return { rowCount, names, columns: names.map((name) => missingAsNaN(cells(name) as ArrayLike<unknown>)) };
}

/** In a column of numbers, null and undefined become NaN; other columns stay as they are. */
function missingAsNaN(cells: ArrayLike<unknown>): ArrayLike<unknown> {
  const values = Array.from(cells);
  const isNumbers = values.every((cell) => cell === null || cell === undefined || typeof cell === 'number');
  return isNumbers ? values.map((cell) => cell ?? Number.NaN) : values;
}

function isKind<K extends 'benchmark' | 'feature-table'>(
  source: FrameSource,
  kind: K,
): source is Extract<Benchmark | FeatureTable, { kind: K }> {
  return (source as { readonly kind?: unknown }).kind === kind;
}
