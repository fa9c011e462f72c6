import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** What is younger may be of a process that is not seen from here: that of a container with the same place for such files. */
const SWEPT_AFTER_MS = 3_600_000;

/**
 * A fresh folder `nascope-KIND-PID-…` in the system's place for temporary files. It goes with `remove`, with the exit of the
 * process, or, where that was killed, with an hour's delay at the next call for the same kind.
 */
export function temporaryFolder(kind: string): TemporaryFolder {
  const place = tmpdir();
  const start = `nascope-${kind}-`;
  for (const name of readdirSync(place)) {
    const pid = name.startsWith(start) ? /^\d+(?=-)/.exec(name.slice(start.length))?.[0] : undefined;
    if (pid !== undefined && !isAlive(Number(pid)) && isOld(join(place, name))) sweep(join(place, name));
  }
  const path = mkdtempSync(join(place, `${start}${process.pid}-`));
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.on('exit', remove);
  return { path, remove };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function isOld(path: string): boolean {
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
  return Date.now() - modified > SWEPT_AFTER_MS;
}

function sweep(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Another user's, or another process is just doing it.
  }
}
