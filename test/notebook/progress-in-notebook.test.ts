import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runNotebook } from '../../src/kernel/run-notebook.js';
import { book, code, save, temporaryFolder } from '../kernel/small-notebooks.js';

const folder = temporaryFolder();
mkdirSync(join(folder, 'node_modules'));
symlinkSync(fileURLToPath(new URL('../..', import.meta.url)), join(folder, 'node_modules', 'nascope'), 'dir');

test.each([
  'nascope',
  'tslab',
] as const)('a progress bar is one line that is replaced, under %s; the saved notebook keeps its last state', async (kernel) => {
  const notebook = book(
    code(`import * as lab from 'nascope';
const bar = lab.progressBar('rows');
for (let done = 0; done <= 40; done++) {
  bar.update({ done: done, total: 40 });
  await new Promise((resolve) => setTimeout(resolve, 10));
}
bar.end();`),
  );
  const run = await runNotebook(save(folder, `${kernel}.ipynb`, notebook), { kernel });
  expect(run.failure).toBeNull();
  const [cell] = run.notebook.cells;
  const outputs = cell.cell_type === 'code' ? cell.outputs : [];
  const lines = outputs.flatMap((output) => ('data' in output ? [String(output.data['text/plain'])] : []));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^rows ━+ 100 % 40\/40 .*\/s in \d+:\d\d$/);
});
