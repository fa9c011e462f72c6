import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Command } from 'commander';
import { installKernel } from '../kernel/kernelspec.js';
import { findProgram } from './programs.js';
import { WorkFailed } from './streams.js';

export function labCommand(): Command {
  return new Command('lab')
    .summary('open JupyterLab with the kernel ready')
    .description('Starts an installed Jupyter with the kernel known to it; nothing is installed and nothing is left behind.')
    .argument('[arguments...]', 'for Jupyter, as they are: a folder or notebook, --port 9000, --no-browser')
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText('after', '\nExample:\n  npx nascope lab notebooks')
    .action(async (args: string[]) => {
      const code = await startJupyter(args);
      if (code !== 0) throw new WorkFailed(`nascope: Jupyter ended with exit code ${code}`);
    });
}

/** Runs Jupyter until the user ends it. @returns its exit code. */
async function startJupyter(args: readonly string[]): Promise<number> {
  const jupyter = findProgram(['jupyter-lab', 'jupyter-notebook']);
  if (jupyter === null) {
    throw new WorkFailed('nascope: no Jupyter on the PATH. This installs one: python3 -m pip install jupyterlab');
  }
  const folder = mkdtempSync(join(tmpdir(), 'nascope-lab-'));
  try {
    await installKernel({ prefix: folder });
    const path = [join(folder, 'share', 'jupyter'), process.env.JUPYTER_PATH].filter(Boolean).join(delimiter);
    const child = spawn(jupyter, [...args, ...noScreen()], { stdio: 'inherit', env: { ...process.env, JUPYTER_PATH: path } });
    // Ctrl-C is for Jupyter, which asks whether it is meant.
    const stay = (): void => {};
    process.on('SIGINT', stay);
    const stop = (): void => void child.kill('SIGTERM');
    process.once('SIGTERM', stop);
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 0));
    }).finally(() => {
      process.off('SIGINT', stay);
      process.off('SIGTERM', stop);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where there is no screen (ssh, a container) Jupyter would open a text browser in this very terminal. */
function noScreen(): readonly string[] {
  const { DISPLAY, WAYLAND_DISPLAY, BROWSER } = process.env;
  return process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY && !BROWSER ? ['--no-browser'] : [];
}
