import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ConnectionFile, writeConnectionFile } from './connection.js';
import { guardArguments } from './parent-guard.js';

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
  readonly env?: NodeJS.ProcessEnv;
}

const LAST_WORDS = 4000;

/** The command that starts the stock tslab kernel; the connection file's path follows. */
export function tslabCommand(): readonly string[] {
  const manifest = createRequire(import.meta.url).resolve('tslab/package.json');
  return [join(dirname(manifest), 'bin', 'tslab'), 'kernel', '--config-path'];
}

/** Starts a stock tslab kernel in a process group of its own, which dies with this process however that ends. */
export async function spawnKernel(options: KernelProcessOptions): Promise<KernelProcess> {
  const connection = await writeConnectionFile('tslab');
  const child = spawn(process.execPath, [...guardArguments, ...tslabCommand(), connection.path], {
    cwd: options.cwd,
    env: {
      ...process.env,
      ...options.env,
      NASCOPE_PARENT: String(process.pid),
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
