import type { WorkOptions } from '../core/base/progress.js';
import { aiopCache, gennapeCache } from './gennape-cache.js';
import { keepImport, type OwnImport } from './imported.js';
import { readNasbench101Records } from './nasbench101-tfrecord.js';

const nasbench101Records: OwnImport = {
  id: 'nasbench101',
  says: 'NAS-Bench-101 from nasbench_only108.tfrecord or nasbench_full.tfrecord',
  dataset: () => 'full',
  read: readNasbench101Records,
};

/** What `data import ID FILE` makes of files that no manifest can name. */
export const ownImports: {
  readonly nasbench101: OwnImport;
  readonly gennape: OwnImport;
  readonly aiop: OwnImport;
} = { nasbench101: nasbench101Records, gennape: gennapeCache, aiop: aiopCache };

export type OwnImportId = keyof typeof ownImports;

export function isOwnImport(id: string): id is OwnImportId {
  return Object.hasOwn(ownImports, id);
}

/**
 * Reads a user's copy of a published file into the cache: `importOwn('nasbench101', 'nasbench_only108.tfrecord')`.
 * @throws DataError when it is not the file that is meant, or damaged.
 */
export function importOwn(
  id: OwnImportId,
  path: string,
  options: WorkOptions = {},
): Promise<{ readonly id: string; readonly dataset: string; readonly rows: number }> {
  return keepImport(ownImports[id], path, options);
}
