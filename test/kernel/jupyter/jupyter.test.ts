import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { installKernel } from '../../../src/kernel/kernelspec.js';
import { parseNotebook } from '../../../src/kernel/notebook-file.js';
import { book, code, save, temporaryFolder } from '../small-notebooks.js';
import { jupyterEnvironment } from './environment.js';

const jupyter = jupyterEnvironment();
const title = 'missing' in jupyter ? `(skipped: ${jupyter.missing})` : '';
const bin = 'missing' in jupyter ? '' : jupyter.bin;
const folder = temporaryFolder();
const env: NodeJS.ProcessEnv = {
  ...process.env,
  JUPYTER_PATH: join(folder, 'share', 'jupyter'),
  JUPYTER_PREFER_ENV_PATH: '0',
  PYTHONDONTWRITEBYTECODE: '1',
};

describe.skipIf('missing' in jupyter)(`our kernel under Jupyter's own tools ${title}`, () => {
  beforeAll(() => installKernel({ prefix: folder }));

  const run = (program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(join(bin, program), args, { encoding: 'utf8', env, cwd: folder });

  test('passes jupyter_kernel_test; only the pager does not apply', () => {
    const tests = fileURLToPath(new URL('.', import.meta.url));
    const { status, stderr } = run('python', '-m', 'unittest', 'discover', '-v', '-s', tests, '-p', 'test_*.py');
    const skipped = [...stderr.matchAll(/^(test_\w+) .*skipped/gm)].map((match) => match[1]);
    expect(`${stderr}\nexit code ${status}`).toMatch(/exit code 0$/);
    expect(skipped).toEqual(['test_pager']);
    expect(stderr).toMatch(/Ran 1[3-9] tests/);
  });

  test('runs a notebook in nbconvert with counts, results and streams in their places', () => {
    const notebook = save(folder, 'good.ipynb', book(code('const x: number = 41;'), code('console.log("said");\nx + 1')));
    const { status, stderr } = run(
      'jupyter-nbconvert',
      '--execute',
      '--to',
      'notebook',
      '--ExecutePreprocessor.kernel_name=nascope',
      '--output',
      'done.ipynb',
      notebook,
    );
    expect(`${stderr} exit code ${status}`).toMatch(/exit code 0$/);
    const done = parseNotebook(readFileSync(join(folder, 'done.ipynb'), 'utf8'), 'done.ipynb');
    expect(done.cells).toMatchObject([
      { execution_count: 1, outputs: [] },
      {
        execution_count: 2,
        outputs: [
          { output_type: 'stream', name: 'stdout', text: 'said\n' },
          { output_type: 'execute_result', execution_count: 2, data: { 'text/plain': '42' } },
        ],
      },
    ]);
    const html = run('jupyter-nbconvert', '--to', 'html', '--stdout', join(folder, 'done.ipynb')).stdout;
    expect(html.match(/(?:In|Out)\s?\[[^\]]*\]:/g)?.map((prompt) => prompt.replace(/\s/, ''))).toEqual([
      'In[1]:',
      'In[2]:',
      'Out[2]:',
    ]);
  });

  test.each([
    ['a cell that throws', 'const f = () => {\n  throw new RangeError("odd");\n};\nf();', 'RangeError: odd', 'In [1]:2:9'],
    ['a cell that does not type-check', 'const n: number = "three";', 'TypeScriptError: 1:7', "Type 'string' is not assignable"],
  ])(
    'makes nbconvert fail at %s, with its name and place',
    (_, source, name, place) => {
      const notebook = save(folder, 'bad.ipynb', book(code(source)));
      const { status, stderr } = run(
        'jupyter-nbconvert',
        '--execute',
        '--to',
        'notebook',
        '--ExecutePreprocessor.kernel_name=nascope',
        '--stdout',
        notebook,
      );
      expect(status).toBe(1);
      expect(stderr).toContain('CellExecutionError');
      expect(stderr).toContain(name);
      expect(stderr).toContain(place);
    },
    120_000,
  );

  test('is interrupted, restarted and shut down by a kernel manager, in both ways of interrupting', () => {
    const { stdout, stderr } = run('python', fileURLToPath(new URL('./lifecycle.py', import.meta.url)));
    expect(stdout.trim().split('\n'), stderr).toEqual([
      'message: Interrupted',
      'message: alive 2',
      'signal: Interrupted',
      'signal: alive 2',
      'restarted: 1',
      'ended with exit code 0',
    ]);
  });
});
