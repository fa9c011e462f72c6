import { createRequire } from 'node:module';
import { Command } from 'commander';
import { backend } from '../nn/backend.js';
import type { Check } from './check.js';
import { dataChecks } from './doctor-data.js';
import { findProgram } from './programs.js';
import { WorkFailed } from './streams.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('what works on this machine, and how to mend what does not')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  npx nascope doctor')
    .action(async (options: { json?: boolean }) => {
      const checks = await examine();
      if (options.json) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`);
      else for (const check of checks) process.stdout.write(line(check));
      const broken = checks.filter((check) => check.needed && !check.ok);
      if (broken.length > 0)
        throw new WorkFailed(`nascope: ${broken.map((check) => check.part).join(', ')} must be mended first`);
    });
}

/** Every check, needed parts first. Takes a second or two: the tensor backend is started for real. */
export async function examine(): Promise<Check[]> {
  return [node(), kernel(), await tensors(), ...(await dataChecks()), ...extras()];
}

function line(check: Check): string {
  const mark = check.ok ? 'ok     ' : check.needed ? 'BROKEN ' : check.partly ? 'partly ' : 'absent ';
  return `${mark} ${check.part.padEnd(22)} ${check.found}${check.fix === '' ? '' : `\n                               ${check.fix}`}\n`;
}

function node(): Check {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { part: 'Node', ok, needed: true, found: process.versions.node, fix: ok ? '' : 'Install Node 20.19 or newer.' };
}

function kernel(): Check {
  const require = createRequire(import.meta.url);
  try {
    const { version } = require('tslab/package.json') as { version: string };
    require('zeromq');
    return { part: 'kernel', ok: true, needed: true, found: `tslab ${version}, zeromq loads`, fix: '' };
  } catch (error) {
    const found = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return {
      part: 'kernel',
      ok: false,
      needed: true,
      found,
      fix: 'Run npm run setup; zeromq ships binaries for Linux, macOS and Windows.',
    };
  }
}

async function tensors(): Promise<Check> {
  const part = 'tensor backend';
  try {
    const { id, version, selfCheckError, passedOver } = await backend();
    const over = passedOver.length === 0 ? '' : `; passed over ${passedOver.join('; ')}`;
    return {
      part,
      ok: true,
      needed: true,
      found: `${id} (${version}), self-check error ${selfCheckError.toExponential(1)}${over}`,
      fix: '',
    };
  } catch (error) {
    return {
      part,
      ok: false,
      needed: true,
      found: error instanceof Error ? error.message : String(error),
      fix: 'Run npm run setup.',
    };
  }
}

const optional = [
  {
    part: 'Jupyter',
    names: ['jupyter-lab', 'jupyter', 'jupyter-notebook'],
    fix: 'pip install jupyterlab (only to work in a browser; notebook run does without)',
  },
  {
    part: 'Chromium',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'chrome'],
    fix: 'Install Chromium or Chrome (only for browser tests and figure files)',
  },
  {
    part: 'Python',
    names: ['python3', 'python'],
    fix: 'Install Python 3 (only to compare speeds with scikit-learn: bench --peer)',
  },
] as const;

function extras(): Check[] {
  return optional.map(({ part, names, fix }) => {
    const found = findProgram(names);
    return {
      part,
      ok: found !== null,
      needed: false,
      found: found === null ? 'not found' : `found as ${names.find((n) => found.endsWith(n))}`,
      fix: found === null ? fix : '',
    };
  });
}
