import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runNotebook } from '../../src/kernel/run-notebook.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-outside-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a notebook in a folder of its own keeps data frames from cell to cell, with their types', async () => {
  const cells = [
    "import * as lab from 'nascope';\nconst df = lab.frame({ net: ['(4, 0, 3, 1, 4, 3)'], acc: [1.5] });\nconst table = lab.table(df);\nconst head = df.head(1);",
    "import * as dfd from 'danfojs-node';\nconst own = new dfd.DataFrame([[1, 2]]);\nconst acc = df['acc'];",
    'console.log(head.shape, own.shape, table.numRows(), acc.values);',
  ];
  const file = join(folder, 'mine.ipynb');
  const code = cells.map((source, i) => ({
    cell_type: 'code',
    id: `c${i}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  const metadata = { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } };
  writeFileSync(file, JSON.stringify({ cells: code, metadata, nbformat: 4, nbformat_minor: 5 }));
  const run = await runNotebook(file, { kernel: 'nascope' });
  expect(run.failure).toBeNull();
  expect(JSON.stringify(run.notebook.cells.at(-1))).toContain('[ 1, 2 ] [ 1, 2 ] 1 [ 1.5 ]');
});
