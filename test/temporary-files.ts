import { temporaryFolder } from '../src/data/temporary-folder.js';

/** All temporary files of a test run, those of the programs that it starts as well, lie in one folder that goes with the run. */
export function setup(): () => void {
  const { path, remove } = temporaryFolder('tests');
  // The last two are Windows's.
  for (const variable of ['TMPDIR', 'TEMP', 'TMP']) process.env[variable] = path;
  return remove;
}
