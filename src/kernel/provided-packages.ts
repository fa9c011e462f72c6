import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This package's own folder. */
export const packageFolder: string = fileURLToPath(new URL('../../', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly types?: string;
  readonly typings?: string;
  readonly main?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const ours: NodeJS.Require = createRequire(import.meta.url);
const ownManifest: Manifest = readManifest(packageFolder);

export const packageVersion: string = ownManifest.version;

/** The packages that a notebook may import wherever it lies: this one and what it depends on. */
function providedNames(): readonly string[] {
  const { name: own, dependencies = {} } = ownManifest;
  return [own, ...Object.keys(dependencies).filter((name) => name !== own)];
}

/**
 * Where the compiler finds the types of packages that the notebook's folder does not have itself.
 * @returns per package the file of its types, seen from the folder.
 */
export function typePaths(folder: string): Record<string, string[]> {
  const local = requireFrom(folder);
  const paths: Record<string, string[]> = {};
  for (const name of providedNames()) {
    if (resolves(local, name)) continue;
    const root = rootOf(name);
    if (root === null) continue;
    const manifest = readManifest(root);
    const types = manifest.types ?? manifest.typings ?? (manifest.main ?? 'index.js').replace(/\.[cm]?js$/, '.d.ts');
    // Relative, and with what lies below, so that the compiler can name these types in the declarations of later cells.
    const seen = (path: string): string => relative(folder, path).replaceAll('\\', '/');
    paths[name] = [seen(join(root, types))];
    // Below this package lie the others, which are to be named by their own names.
    if (name !== ownManifest.name) paths[`${name}/*`] = [`${seen(root)}/*`];
  }
  return paths;
}

/** The folders of type packages: the notebook's own first; Node's types are always among them. */
export function typeRoots(own: readonly string[]): string[] {
  return [...own, dirname(dirname(ours.resolve('@types/node/package.json')))];
}

/** `require` as code in that folder has it; what it lacks and this package provides comes from here. */
export function notebookRequire(folder: string): (id: string) => unknown {
  const local = requireFrom(folder);
  const provided = new Set(providedNames());
  return (id) => {
    try {
      return local(id);
    } catch (error) {
      const name = id
        .split('/')
        .slice(0, id.startsWith('@') ? 2 : 1)
        .join('/');
      const absent = (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND' && !resolves(local, id);
      if (!absent || !provided.has(name)) throw error;
      return id === ownManifest.name ? ours(join(packageFolder, 'dist', 'index.js')) : ours(id);
    }
  };
}

function requireFrom(folder: string): NodeJS.Require {
  return createRequire(join(folder, 'notebook.js'));
}

function resolves(from: NodeJS.Require, id: string): boolean {
  try {
    from.resolve(id);
    return true;
  } catch (error) {
    // A package that is there but has no entry for `require` is there all the same.
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND';
  }
}

/** The folder of an installed package, looked for as Node does; its `exports` may hide the manifest, so nothing is resolved. */
function rootOf(name: string): string | null {
  if (name === ownManifest.name) return packageFolder;
  for (const folder of ours.resolve.paths(name) ?? []) {
    try {
      readManifest(join(folder, name));
      return join(folder, name);
    } catch {
      // Not in this one.
    }
  }
  return null;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}
