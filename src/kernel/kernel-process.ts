import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ConnectionFile, writeConnectionFile } from './connection.js';
import { guardArguments } from './parent-guard.js';
import { packageFolder } from './provided-packages.js';

/** The kernels that notebooks run in: this package's own, or the one that tslab brings. */
export type KernelName = 'nascope' | 'tslab';

export const kernelNames: readonly KernelName[] = ['nascope', 'tslab'];

/** How a kernel process ended. */
export interface KernelExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running kernel: its process and the way to reach it. */
export interface KernelProcess {
  readonly pid: number;
  readonly connection: ConnectionFile;
  /** Settles when the process has ended; never rejects. */
  readonly exited: Promise<KernelExit>;
  /** The last few thousand characters that it wrote to its own stdout and stderr, outside any cell. */
  lastWords(): string;
  /** What Ctrl-C does: SIGINT. */
  interrupt(): void;
  /** Ends it and everything that it started, at once. */
  kill(): void;
}

export interface KernelProcessOptions {
  /** The kernel's working directory: the folder of the notebook. */
  readonly cwd: string;
  /** Our own unless said. */
  readonly kernel?: KernelName;
  /** Another kernel: a program and its arguments, after which the connection file's path comes. */
  readonly command?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const LAST_WORDS = 4000;

/** The file that is our own kernel when `node` runs it. */
export const kernelMain: string = join(packageFolder, 'dist', 'kernel', 'kernel-main.js');

/** What `node` runs to be that kernel; the connection file's path follows. */
export function kernelCommand(kernel: KernelName): readonly string[] {
  if (kernel === 'nascope') return [kernelMain];
  const manifest = createRequire(import.meta.url).resolve('tslab/package.json');
  return [join(dirname(manifest), 'bin', 'tslab'), 'kernel', '--config-path'];
}

/** Starts a kernel in a process group of its own, which dies with this process however that ends. */
export async function spawnKernel(options: KernelProcessOptions): Promise<KernelProcess> {
  const kernel = options.kernel ?? 'nascope';
  const connection = await writeConnectionFile(kernel);
  const [program, ...args] = options.command ?? [process.execPath, ...guardArguments, ...kernelCommand(kernel)];
  const child = spawn(program, [...args, connection.path], {
    cwd: options.cwd,
    env: {
      ...process.env,
      ...options.env,
      NASCOPE_CONNECTION_FOLDER: connection.folder,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const exited = new Promise<KernelExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const kill = (): void => killGroup(child);
  const atExit = (): void => {
    kill();
    connection.remove();
  };
  process.once('exit', atExit);
  exited.then(() => {
    process.removeListener('exit', atExit);
    connection.remove();
  });
  const words = collectWords(child);
  return {
    pid: child.pid ?? -1,
    connection,
    exited,
    lastWords: words,
    interrupt: () => void child.kill('SIGINT'),
    kill,
  };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

function collectWords(child: ChildProcess): () => string {
  let words = '';
  for (const pipe of [child.stdout, child.stderr]) {
    pipe?.setEncoding('utf8');
    pipe?.on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS);
    });
  }
  return () => words;
}
