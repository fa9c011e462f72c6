import { stat } from 'node:fs/promises';
import { cachedPath } from './cache-folder.js';
import { sha256OfFile } from './file-hash.js';
import { type ManifestFile, manifest, resolveIds } from './manifest.js';

/** What the cache holds of one file of the manifest. */
export interface FileCheck {
  readonly file: ManifestFile;
  readonly path: string;
  readonly state: 'ok' | 'absent' | 'damaged';
  /** For a damaged file, what was found instead. */
  readonly got: string;
}

/** Compares cached files (all of the manifest unless ids are given) with the manifest's sizes and hashes. */
export async function verify(ids?: readonly string[]): Promise<FileCheck[]> {
  const files = ids === undefined || ids.length === 0 ? manifest().files : resolveIds(ids);
  const checks: FileCheck[] = [];
  for (const file of files) checks.push(await checkFile(file));
  return checks;
}

/** Compares one cached file with the manifest: its size, then its hash. */
export async function checkFile(file: ManifestFile): Promise<FileCheck> {
  const listed = await listedState(file);
  if (listed.state !== 'ok') return listed;
  const hash = await sha256OfFile(listed.path);
  return hash === file.sha256 ? listed : { ...listed, state: 'damaged', got: `sha256 ${hash}` };
}

/** What the cache holds by name and size alone: quick, for lists. */
export async function listFiles(): Promise<FileCheck[]> {
  return Promise.all(manifest().files.map(listedState));
}

/** What the cache holds of one file by name and size alone. */
export async function listedState(file: ManifestFile): Promise<FileCheck> {
  const path = cachedPath(file);
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return { file, path, state: 'absent', got: '' };
  if (found.size !== file.bytes) return { file, path, state: 'damaged', got: `${found.size} bytes` };
  return { file, path, state: 'ok', got: '' };
}
