import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ManifestFile } from './manifest.js';

/**
 * The folder that holds fetched files (`files/OWNER/REPO/COMMIT/PATH`) and imported tables (`tables/`):
 * `NASCOPE_DATA`, else this user's cache folder by the custom of the platform. Read anew at every call.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env.NASCOPE_DATA) return resolve(env.NASCOPE_DATA);
  // The XDG specification has relative paths ignored.
  if (env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, 'nascope');
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'nascope', 'cache');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'nascope');
  return join(homedir(), '.cache', 'nascope');
}

/** Where a file of the manifest lies once it is fetched. */
export function cachedPath(file: ManifestFile): string {
  return join(cacheFolder(), 'files', ...file.path.split('/'));
}

/** Where imported benchmarks lie as Arrow files. */
export function tablesFolder(): string {
  return join(cacheFolder(), 'tables');
}
