import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startKernel } from '../../src/kernel/kernel-client.js';
import type { KernelName } from '../../src/kernel/kernel-process.js';
import { packageFolder } from '../../src/kernel/provided-packages.js';
import { runNotebook } from '../../src/kernel/run-notebook.js';
import { RawClient, shown } from './raw-client.js';
import { book, code, save, temporaryFolder } from './small-notebooks.js';

const folder = temporaryFolder();

describe('kernels', () => {
  test('start and end five times, by themselves and with exit code 0, and leave no process behind', async () => {
    for (let i = 0; i < 5; i++) {
      const client = await startKernel({ cwd: folder });
      const pids: number[] = [];
      await client.execute('console.log(process.pid); void setInterval(() => {}, 1000);', (type, content) => {
        if (type === 'stream') pids.push(Number(content.text));
      });
      expect(pids).toEqual([client.process.pid]);
      await client.shutdown();
      expect(await client.process.exited).toEqual({ code: 0, signal: null });
      expect(() => process.kill(pids[0], 0)).toThrow('ESRCH');
    }
  });

  test('end also in a busy loop that no signal stops', async () => {
    const client = await RawClient.start({ cwd: folder });
    const id = client.send('execute_request', {
      code: 'console.log("begun");\nawait (async () => {\n  await null;\n  for (;;) {}\n})();',
    });
    await client.until(() => client.about(id).some((message) => message.header.msg_type === 'stream'));
    await client.ask('interrupt_request', {}, 'control');
    expect((await client.ask('shutdown_request', { restart: false }, 'control')).reply.content.status).toBe('ok');
    expect(await client.process.exited).toEqual({ code: null, signal: 'SIGKILL' });
    client.close();
  });

  test('are independent of each other', async () => {
    const kernels = await Promise.all([RawClient.start({ cwd: folder }), RawClient.start({ cwd: folder })]);
    const [first, second] = kernels;
    const loop = first.send('execute_request', { code: 'const mine = 1;\nfor (;;) {}' });
    await first.until(() => first.stateOf(loop) === 'busy');
    expect(shown(await second.execute('const mine = "text"; mine'))).toEqual([['result', 'text']]);
    await first.ask('interrupt_request', {}, 'control');
    expect((await first.answer(loop)).reply.content.ename).toBe('Interrupted');
    expect(shown(await second.execute('mine'))).toEqual([['result', 'text']]);
    for (const kernel of kernels) kernel.close();
  });
});

describe('a notebook', () => {
  test('gives the same outputs under both kernels apart from how results are shown', async () => {
    // Stock tslab finds this package below its own folder only.
    mkdirSync(join(packageFolder, 'out'), { recursive: true });
    const inside = mkdtempSync(join(packageFolder, 'out', 'both-'));
    const path = save(
      inside,
      'both.ipynb',
      book(
        code("import * as lab from 'nascope';\nimport { display } from 'tslab';\ninterface Net {\n  readonly depth: number;\n}"),
        code(
          'const nets: Net[] = [{ depth: 2 }, { depth: 3 }];\nfor (const net of nets) console.log(net.depth);\nconsole.error("noted");',
        ),
        code('display.html("<b>bold</b>");\nlab.show(nets);'),
        code(
          'const tau = lab.kendallTau([1, 2, 3], [1, 3, 2]);\nlab.show(tau);\nconst later = await Promise.resolve(tau);\nlab.show(later > 0);',
        ),
      ),
    );
    onTestFinished(() => rmSync(inside, { recursive: true, force: true }));
    const outputs = async (kernel: KernelName): Promise<unknown> => {
      const run = await runNotebook(path, { kernel });
      expect(run.failure).toBeNull();
      return run.notebook.cells.map((cell) => (cell.cell_type === 'code' ? [cell.execution_count, cell.outputs] : []));
    };
    expect(await outputs('nascope')).toEqual(await outputs('tslab'));
  });
});
