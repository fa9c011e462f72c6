import { readdir, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './atomic-write.js';

/**
 * The half-fetched file behind `target`. While a process works on it, it carries that process's name, so that two
 * processes that fetch the same file never write into one; renaming is what takes and gives it, and only one can win.
 */
export interface PartFile {
  readonly path: string;
  /** Leaves what is there under the common name, for whoever goes on with it. */
  release(): Promise<void>;
}

let taken = 0;

/** Takes over what an earlier attempt left (released, or of a process that is dead), or names a new part. */
export async function takePart(target: string): Promise<PartFile> {
  const folder = dirname(target);
  await makeFolder(folder);
  const shared = `${target}.part`;
  const mine = `${shared}-${HOST}-${process.pid}-${taken++}`;
  for (const left of [shared, ...(await orphans(target))]) {
    if (await moved(left, mine)) break;
  }
  return {
    path: mine,
    release: async () => {
      await moved(mine, shared);
    },
  };
}

const HOST = hostname().replace(/[^\w.]/g, '_');

/** Parts of processes of this machine that are gone. Those of other machines on a shared disk are left alone. */
async function orphans(target: string): Promise<string[]> {
  const prefix = `${basename(target)}.part-${HOST}-`;
  const names = await readdir(dirname(target));
  return names
    .filter((name) => name.startsWith(prefix) && !isAlive(Number.parseInt(name.slice(prefix.length), 10)))
    .map((name) => join(dirname(target), name));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
