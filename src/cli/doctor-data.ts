import { cacheFolder } from '../data/cache-folder.js';
import { readMicroManifest } from '../data/microbench-table.js';
import { listFiles } from '../data/verify.js';
import type { Check } from './check.js';

/** Which benchmarks are here, as checks; all are extras, since one comes with the package and each other can be downloaded. */
export async function dataChecks(): Promise<Check[]> {
  const checks = await listFiles();
  const readable = checks.filter((check) => check.file.importer !== null);
  const ids = [...new Set(readable.flatMap((check) => check.file.benchmarks))];
  const mirror = process.env.NASCOPE_MIRROR;
  const downloads = ids.map((id) => {
    const files = readable.filter((check) => check.file.benchmarks.includes(id));
    const here = files.filter((check) => check.state === 'ok').length;
    const ok = here === files.length;
    return {
      part: id,
      ok,
      needed: false,
      partly: !ok && here > 0,
      found: `${here} of ${files.length} files by size in ${cacheFolder()} (data verify checks hashes)${mirror === undefined ? '' : `, mirror ${mirror}`}`,
      fix: ok ? '' : `npx nascope data pull ${id}`,
    };
  });
  return [await own(), ...downloads];
}

/** MicroBench needs no download: its tables lie beside the code. */
async function own(): Promise<Check> {
  const part = 'microbench';
  const fix = 'Clone the package again: data/microbench belongs to it.';
  try {
    const families = Object.entries((await readMicroManifest()).families);
    const listed = families.map(([id, { count }]) => `${id} ${count.toLocaleString('en')}`).join(', ');
    const ok = families.length > 0;
    return {
      part,
      ok,
      needed: false,
      found: ok ? `networks that come with the package: ${listed}` : 'no family',
      fix: ok ? '' : fix,
    };
  } catch (error) {
    return { part, ok: false, needed: false, found: error instanceof Error ? error.message : String(error), fix };
  }
}
