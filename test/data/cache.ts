import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { published, shared } from '../shared.js';

/** A cache of this suite's own, filled from the reference material's mirror. Call it inside a `describe`. */
export function ownCache(): { folder(): string } {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nascope-cache-'));
    vi.stubEnv('NASCOPE_DATA', folder);
    vi.stubEnv('NASCOPE_MIRROR', shared('upstream'));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder: () => folder };
}

/** The cache of the whole run, for suites that only read. Call it inside a `describe`. */
export function publishedData(): void {
  beforeAll(() => {
    for (const [name, place] of Object.entries(published)) vi.stubEnv(name, place);
  });
  afterAll(() => void vi.unstubAllEnvs());
}
