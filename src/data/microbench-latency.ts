import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../core/base/errors.js';
import { sha256 } from './file-hash.js';
import { MICROBENCH_FOLDER } from './microbench-table.js';
import { type CsvTable, readCsv } from './read-csv.js';

/** Scenes of a measured forward pass. */
export const LATENCY_BATCHES = [1, 32] as const;

export interface MicroLatency {
  /** What the file says of itself, by name: `cpu`, `node`, `load` and so on. */
  readonly about: ReadonlyMap<string, string>;
  /** `arch_id`, and a column for each batch as `latencyColumn` names it. */
  readonly table: CsvTable;
  readonly sha256: string;
}

/** `latency.cpu_ms.b32`. */
export function latencyColumn(batch: number): string {
  return `latency.cpu_ms.b${batch}`;
}

/** The file of a family's latencies: CSV, before whose header lines `# name: value` say what was measured and on what. */
export function latencyPath(family: string, folder: string = MICROBENCH_FOLDER): string {
  return join(folder, `${family}.latency.csv`);
}

/** @throws DataError when a family's latencies have not been measured, or the file does not say on what. */
export async function readMicroLatency(family: string, folder: string = MICROBENCH_FOLDER): Promise<MicroLatency> {
  const path = latencyPath(family, folder);
  const fix = `Measure them on this machine: npx nascope microbench latency --family ${family}`;
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new DataError({ path, expected: `measured latencies of ${family}`, got: error.code ?? 'an error', fix });
  });
  const header = /^(?:# .*\n)*/.exec(text)?.[0] ?? '';
  const about = new Map([...header.matchAll(/^# ([a-z]+): (.*)$/gm)].map(([, name, value]): [string, string] => [name, value]));
  if (!about.has('cpu')) throw new DataError({ path, expected: 'a line "# cpu: …"', got: header.slice(0, 60) || 'none', fix });
  return { about, table: await readCsv(text.slice(header.length), path), sha256: sha256(text) };
}
