import { join, resolve } from 'node:path';
import type { ManifestFile } from './manifest.js';

/** Where files are fetched from: their pinned addresses, another address with the same layout, or a folder. */
export type Origin = { readonly kind: 'web'; readonly url: string } | { readonly kind: 'folder'; readonly path: string };

/**
 * A file's origin. `NASCOPE_MIRROR` (a folder, taken from the working directory if relative, or an http(s) prefix; both
 * with the layout `OWNER/REPO/COMMIT/PATH`) stands for the web wholly: a file that it lacks is not looked for elsewhere.
 */
export function originOf(file: ManifestFile, mirror: string | undefined = process.env.NASCOPE_MIRROR): Origin {
  if (!mirror) return { kind: 'web', url: file.url };
  if (/^https?:\/\//.test(mirror)) return { kind: 'web', url: `${mirror.replace(/\/+$/, '')}/${file.path}` };
  return { kind: 'folder', path: join(resolve(mirror), ...file.path.split('/')) };
}
