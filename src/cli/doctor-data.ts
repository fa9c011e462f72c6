import { cacheFolder } from '../data/cache-folder.js';
import { listFiles } from '../data/verify.js';
import type { Check } from './check.js';

/** Which benchmarks are here, as checks; all are extras, since each can be downloaded. */
export async function dataChecks(): Promise<Check[]> {
  const checks = await listFiles();
  const readable = checks.filter((check) => check.file.importer !== null);
  const ids = [...new Set(readable.flatMap((check) => check.file.benchmarks))];
  const mirror = process.env.NASCOPE_MIRROR;
  return ids.map((id) => {
    const files = readable.filter((check) => check.file.benchmarks.includes(id));
    const here = files.filter((check) => check.state === 'ok').length;
    const ok = here === files.length;
    return {
      part: id,
      ok,
      needed: false,
      found: `${here} of ${files.length} files by size in ${cacheFolder()} (data verify checks hashes)${mirror === undefined ? '' : `, mirror ${mirror}`}`,
      fix: ok ? '' : `npx nascope data pull ${id}`,
    };
  });
}
