import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../../../src/cli/programs.js';

const requirements = fileURLToPath(new URL('./requirements.txt', import.meta.url));
const cache = fileURLToPath(new URL('../../../node_modules/.cache/nascope-jupyter/', import.meta.url));

const PROGRAM_MS = 600_000;
/** Two programs make the environment. */
const LEFT_BEHIND_MS = 2 * PROGRAM_MS;

/** A Python environment with Jupyter's own tools, made once; or why there is none. */
export type JupyterEnvironment = { readonly bin: string } | { readonly missing: string };

/** Makes or finds the environment. Needs Python 3 with venv, and a package index that pip reaches; takes half a minute once. */
export function jupyterEnvironment(): JupyterEnvironment {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cache, wanted);
  const bin = join(folder, 'bin');
  const stamp = join(folder, '.complete');
  if (existsSync(stamp)) return { bin };
  const python = findProgram(['python3']);
  if (python === null || process.platform === 'win32') return { missing: 'no python3 on the PATH' };
  mkdirSync(cache, { recursive: true });
  return alone(`${folder}.lock`, () => (existsSync(stamp) ? { bin } : make(python, folder, stamp)));
}

function make(python: string, folder: string, stamp: string): JupyterEnvironment {
  const bin = join(folder, 'bin');
  rmSync(folder, { recursive: true, force: true });
  if (!runs(python, ['-m', 'venv', folder])) return { missing: 'python3 makes no virtual environment' };
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--retries',
    '1',
    '--timeout',
    '15',
    '-r',
    requirements,
  ];
  if (!runs(join(bin, 'python'), pip)) return { missing: 'pip cannot install Jupyter here' };
  writeFileSync(`${stamp}.${process.pid}`, '');
  renameSync(`${stamp}.${process.pid}`, stamp);
  return { bin };
}

/** Two test files may want the environment at once; the second waits for what the first makes. */
function alone<T>(lock: string, work: () => T): T {
  while (!made(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Whether the folder was not there; one that a killed process left behind does not count. */
function made(lock: string): boolean {
  try {
    if (Date.now() - statSync(lock).mtimeMs > LEFT_BEHIND_MS) rmSync(lock, { recursive: true, force: true });
  } catch {
    // It is not there, or gone by now.
  }
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function runs(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: PROGRAM_MS }).status === 0;
}
