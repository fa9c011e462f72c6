import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { installKernel } from '../../../src/kernel/kernelspec.js';
import { type Notebook, parseNotebook } from '../../../src/kernel/notebook-file.js';
import { type NotebookRun, runNotebook } from '../../../src/kernel/run-notebook.js';
import { temporaryFolder } from '../small-notebooks.js';
import { jupyterEnvironment } from './environment.js';

const jupyter = jupyterEnvironment();
const title = 'missing' in jupyter ? `(skipped: ${jupyter.missing})` : '';
const folder = temporaryFolder();
const path = fileURLToPath(new URL('../../../notebooks/02-graf-features.ipynb', import.meta.url));

const PLOTLY = 'application/vnd.plotly.v1+json';

/** The outputs as a reader sees them; of a figure the plotly JSON, since its HTML carries ids and is not made by the runner. */
function seen({ cells }: Notebook): unknown[] {
  return cells.flatMap((cell) => {
    if (cell.cell_type !== 'code') return [];
    const outputs = cell.outputs.map((output) => {
      if (output.output_type === 'stream' || output.output_type === 'error') return output;
      const { 'text/html': html, ...others } = output.data;
      return { type: output.output_type, data: PLOTLY in others ? others : output.data, metadata: output.metadata };
    });
    return [{ count: cell.execution_count, outputs }];
  });
}

/** Executed as Jupyter does it, in the notebook's own folder. */
function underJupyter(bin: string): Notebook {
  const converted = spawnSync(
    join(bin, 'jupyter-nbconvert'),
    ['--execute', '--to', 'notebook', '--ExecutePreprocessor.kernel_name=nascope', '--output-dir', folder, path],
    {
      encoding: 'utf8',
      env: { ...process.env, JUPYTER_PATH: join(folder, 'share', 'jupyter'), JUPYTER_PREFER_ENV_PATH: '0' },
    },
  );
  expect(`${converted.stderr} exit code ${converted.status}`).toMatch(/exit code 0$/);
  const done = join(folder, basename(path));
  return parseNotebook(readFileSync(done, 'utf8'), done);
}

let ours: NotebookRun;
beforeAll(async () => {
  ours = await runNotebook(path);
});

describe('the second notebook', () => {
  test('shows the same in our kernel and in the one that tslab brings', async () => {
    const stock = await runNotebook(path, { kernel: 'tslab' });
    expect([ours.failure, stock.failure]).toEqual([null, null]);
    expect(seen(stock.notebook)).toEqual(seen(ours.notebook));
  });
});

describe.skipIf('missing' in jupyter)(`the second notebook under nbconvert ${title}`, () => {
  beforeAll(() => installKernel({ prefix: folder }));

  test('shows the same as in our runner', () => {
    expect(seen(underJupyter('missing' in jupyter ? '' : jupyter.bin))).toEqual(seen(ours.notebook));
  });
});
