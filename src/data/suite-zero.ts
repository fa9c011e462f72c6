import { DataError } from '../core/base/errors.js';
import type { SearchSpace } from '../core/spaces/space.js';
import type { BenchmarkTable, DataColumn } from './benchmark.js';
import { readNaslibPool } from './naslib-zip.js';
import type { SourceFiles } from './source-files.js';
import { TableBuilder } from './table-builder.js';
import { PROXY_NAMES, type ProxyName, proxyColumn } from './zero-cost-proxies.js';

/** The files of a space of which NASLib scored a few trained nets and a pool of others. */
export interface SuiteZeroFiles {
  /** NASLib's name of the space inside the files. */
  readonly space: string;
  /** Accuracies and proxies of the trained nets. */
  readonly labelled: string;
  /** Zips with one proxy of all nets of the pool, by proxy. */
  readonly pool: Partial<Readonly<Record<ProxyName, string>>>;
}

export function suiteZeroFiles({ labelled, pool }: SuiteZeroFiles): readonly string[] {
  return [labelled, ...Object.values(pool)];
}

/**
 * One table of both: first the nets that have `val_acc` and proxies, in the file's order, then the pool, whose `val_acc` is
 * missing. Proxies stand in alphabetical order.
 * @param says what the accuracy is.
 * @throws DataError when a file has another shape, or a net is in both.
 */
export async function readSuiteZero(
  space: SearchSpace,
  files: SuiteZeroFiles,
  sources: SourceFiles,
  of: { readonly dataset: string; readonly says: string },
): Promise<BenchmarkTable> {
  const { dataset, says } = of;
  const source = sources.source(files.labelled);
  const nets = labelledNets(await sources.json(files.labelled), files, source, dataset);
  const archs = Object.keys(nets);

  const pools = new Map<string, { readonly archs: readonly string[]; readonly values: Float64Array; readonly source: string }>();
  for (const [proxy, id] of Object.entries(files.pool)) {
    const { archs: pooled, score } = await readNaslibPool(sources, id, { space: files.space, task: dataset, proxy });
    pools.set(proxy, { archs: pooled, values: score, source: sources.source(id) });
  }
  const pooled = [...new Set([...pools.values()].flatMap((pool) => pool.archs))];

  const table = new TableBuilder(space, [...archs, ...pooled], source);
  const column = (name: string): Float64Array => Float64Array.from(archs, (arch) => number(nets, arch, name, source));
  table.add(accuracy(dataset, says, source), { archs, values: column('val_accuracy') });
  const measured = Object.keys(nets[archs[0]]);
  for (const name of PROXY_NAMES) {
    const pool = pools.get(name);
    if (measured.includes(name)) table.add(proxyColumn(name, dataset, source), { archs, values: column(name) });
    else if (pool) table.add(proxyColumn(name, dataset, pool.source), pool);
  }
  return table.build('val_acc');
}

type Scores = Readonly<Record<string, unknown>>;

/** `{ SPACE: { DATASET: { NET: { PROXY: number, val_accuracy: number } } } }`, at least one net. */
function labelledNets(
  json: unknown,
  { space }: SuiteZeroFiles,
  source: string,
  dataset: string,
): Readonly<Record<string, Scores>> {
  const nets = (json as Record<string, Record<string, Record<string, Scores>>> | null)?.[space]?.[dataset];
  if (typeof nets === 'object' && nets !== null && Object.keys(nets).length > 0) return nets;
  throw wrong(source, `nets under ${space}, ${dataset}`, JSON.stringify(json).slice(0, 60));
}

function number(nets: Readonly<Record<string, Scores>>, arch: string, name: string, source: string): number {
  const value = nets[arch][name];
  if (typeof value === 'number') return value;
  throw wrong(source, `a number as ${name} of ${arch}`, String(value));
}

function wrong(path: string, expected: string, got: string): DataError {
  return new DataError({ path, expected, got, fix: 'The importer and this file do not fit each other: please report it.' });
}

function accuracy(dataset: string, says: string, source: string): DataColumn {
  const meaning = { name: 'val_acc', says, family: 'accuracy', unit: '%' } as const;
  return { ...meaning, role: 'target', direction: 'higher', dataset, split: 'validation', source };
}
