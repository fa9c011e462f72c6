import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../core/base/errors.js';
import { planUnits } from './plan.js';
import { tablesNamed } from './registry.js';
import { planText, type ResultLine, type ResultsFile, type RunHeader, readResults } from './results-file.js';
import { tablesWithRows } from './run.js';

const SHARD = /^shard-\d+-of-\d+\.jsonl$/;

export interface Merged {
  readonly header: RunHeader;
  readonly lines: readonly ResultLine[];
}

/**
 * The results of all shards of one plan, which may lie in several folders. Needs no data, only the files.
 * @throws DataError when shards or results are missing, are there twice, or belong to different plans, data or code.
 */
export async function mergeShards(folders: readonly string[]): Promise<Merged> {
  const shards = await shardsIn(folders);
  const where = folders.join(', ');
  if (shards.length === 0) {
    const fix = 'Run the shards first: npx nascope reproduce --shard 1/4 --out FOLDER.';
    throw new DataError({ path: where, expected: 'files shard-I-of-N.jsonl', got: 'none', fix });
  }
  const [{ header }] = shards;
  const together = (h: RunHeader): string => JSON.stringify({ ...h, shard: h.shard?.of });
  const other = shards.find((shard) => together(shard.header) !== together(header));
  if (other) {
    const fix = 'Merge only shards of one run; put others into a folder of their own.';
    throw new DataError({ path: other.path, expected: planText(header), got: planText(other.header), fix });
  }
  const of = header.shard?.of ?? 1;
  const indices = shards.map((shard) => shard.header.shard?.index ?? 1);
  const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !indices.includes(index));
  if (missing.length > 0 || indices.length !== of) {
    const got = missing.length > 0 ? `no shard ${missing.join(', ')}` : `shards ${indices.join(', ')}`;
    throw new DataError({
      path: where,
      expected: `shards 1 to ${of}, each once`,
      got,
      fix: 'Run the missing shards, name each folder once.',
    });
  }
  return { header, lines: complete(where, shards, header) };
}

interface ShardFile extends ResultsFile {
  readonly path: string;
}

async function shardsIn(folders: readonly string[]): Promise<ShardFile[]> {
  const found: ShardFile[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => {
      throw new DataError({
        path: folder,
        expected: 'a folder with shards',
        got: 'none',
        fix: 'Name the --out folders of the shards.',
      });
    });
    for (const name of names.filter((n) => SHARD.test(n)).sort()) {
      const path = join(folder, name);
      found.push({ path, ...(await readResults(path)) });
    }
  }
  return found;
}

/** One line a unit of the plan, in its order. */
function complete(where: string, shards: readonly ShardFile[], header: RunHeader): ResultLine[] {
  const lines = new Map<string, ResultLine>();
  const data = new Map<string, string>();
  for (const line of shards.flatMap((shard) => shard.lines)) {
    const other = data.get(line.experiment);
    if (line.code !== header.code || (other !== undefined && other !== line.data)) {
      const got = `code ${line.code}, data ${line.data.slice(0, 12)}`;
      const expected = `code ${header.code}, data ${(other ?? line.data).slice(0, 12)} as in the other results of ${line.experiment}`;
      throw new DataError({ path: where, expected, got, fix: 'Run the shards again with one version and the same data.' });
    }
    data.set(line.experiment, line.data);
    lines.set(`${line.experiment} ${line.seed}`, line);
  }
  const units = planUnits(tablesWithRows(tablesNamed(header.tables), header.rows), header.seeds);
  const found = units.map(({ experiment, seed }) => lines.get(`${experiment.id} ${seed}`));
  const absent = found.filter((line) => line === undefined).length;
  if (absent > 0) {
    const first = units[found.indexOf(undefined)];
    const got = `${absent} missing, the first ${first.experiment.id}, seed ${first.seed}`;
    throw new DataError({
      path: where,
      expected: `${units.length} results`,
      got,
      fix: 'Run the unfinished shards again; they go on where they stopped.',
    });
  }
  return found as ResultLine[];
}
