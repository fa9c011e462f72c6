import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startKernel } from '../../src/kernel/kernel-client.js';
import { spawnKernel } from '../../src/kernel/kernel-process.js';
import { type CellEvent, runNotebook } from '../../src/kernel/run-notebook.js';
import { book, code, prose, save, temporaryFolder } from './small-notebooks.js';

const folder = temporaryFolder();

describe('a run', () => {
  test('gives each cell its outputs, joined, in the folder of the notebook, with parameters in place', async () => {
    const path = save(
      folder,
      'good.ipynb',
      book(
        code('const size = 3;', { tags: ['parameters'] }),
        prose('## The sum'),
        code('console.log("a");\nconsole.log("b");\nconst sum = size + 1;'),
        code('import { display } from "tslab";\nimport { basename } from "node:path";\ndisplay.html("<b>" + sum + "</b>");'),
        code('basename(process.cwd()).slice(0, 13)'),
        code('   '),
      ),
    );
    const events: CellEvent[] = [];
    const run = await runNotebook(path, { params: { size: '41' }, onCell: (event) => events.push(event) });
    expect(run.failure).toBeNull();
    const outputs = run.notebook.cells.map((cell) => (cell.cell_type === 'code' ? cell.outputs : []));
    expect(outputs[2]).toEqual([{ output_type: 'stream', name: 'stdout', text: 'a\nb\n' }]);
    expect(outputs[3]).toMatchObject([{ output_type: 'display_data', data: { 'text/html': '<b>42</b>' } }]);
    expect(outputs[4]).toMatchObject([
      { output_type: 'execute_result', execution_count: 4, data: { 'text/plain': 'nascope-test-' } },
    ]);
    expect(run.notebook.cells.map((cell) => (cell.cell_type === 'code' ? cell.execution_count : 'prose'))).toEqual([
      1,
      'prose',
      2,
      3,
      4,
      null,
    ]);
    expect(events.map((event) => `${event.phase} ${event.cell}/${event.total} ${event.title}`).slice(2, 4)).toEqual([
      'start 2/4 The sum',
      'end 2/4 The sum',
    ]);
    expect(JSON.parse(readFileSync(path, 'utf8')).cells[2].outputs).toEqual([]);
  });

  test('stops at a cell that throws or does not type-check, and says what it said', async () => {
    const thrown = await runNotebook(
      save(
        folder,
        'bad.ipynb',
        book(code('1;'), code('throw new RangeError("seven is odd");'), code('console.log("unreached");')),
      ),
    );
    expect(thrown.failure).toMatchObject({ status: 'error', cell: 2, index: 1 });
    expect(thrown.failure?.message).toContain('RangeError: seven is odd');
    expect(thrown.failure?.message).not.toContain('node_modules');
    expect(thrown.notebook.cells[2]).toMatchObject({ outputs: [], execution_count: null });
    const mistyped = await runNotebook(save(folder, 'type.ipynb', book(code('const n: number = "three";'))));
    expect(mistyped.failure?.message).toContain("1:7 - Type 'string' is not assignable to type 'number'");
  });

  test('goes on after a cell tagged raises-exception', async () => {
    const run = await runNotebook(
      save(
        folder,
        'raises.ipynb',
        book(code('throw new Error("on purpose");', { tags: ['raises-exception'] }), code('console.log("on")')),
      ),
    );
    expect(run.failure).toBeNull();
    expect(run.notebook.cells[1]).toMatchObject({ outputs: [{ text: 'on\n' }] });
  });

  test('stops a cell that takes too long, also in a busy loop, and leaves no kernel behind', async () => {
    const busy = book(code('console.log(process.pid);'), code('for (;;) {}'));
    // On a busy machine the first cell may want more than a second itself.
    let timeoutS = 1;
    let run = await runNotebook(save(folder, 'busy.ipynb', busy), { timeoutS });
    while (run.failure?.cell === 1 && timeoutS < 64) {
      timeoutS *= 4;
      run = await runNotebook(save(folder, 'busy.ipynb', busy), { timeoutS });
    }
    const message = expect.stringContaining(`longer than ${timeoutS} s`);
    expect(run.failure).toMatchObject({ status: 'timeout', cell: 2, message });
    const first = run.notebook.cells[0];
    const pid = Number(first.cell_type === 'code' && first.outputs[0].output_type === 'stream' ? first.outputs[0].text : 0);
    expect(pid).toBeGreaterThan(1);
    expect(isAlive(pid)).toBe(false);
  });

  test('names the cell in which the kernel died, and keeps what the earlier cells gave', async () => {
    const run = await runNotebook(
      save(folder, 'died.ipynb', book(code('console.log("before");'), prose('# The end'), code('process.exit(7);'))),
    );
    expect(run.failure).toMatchObject({ status: 'kernel-died', cell: 2, index: 2, title: 'The end' });
    expect(run.failure?.message).toContain('exit code 7');
    expect(run.notebook.cells[0]).toMatchObject({ outputs: [{ text: 'before\n' }] });
  });

  test('is abandoned by its signal', async () => {
    const path = save(folder, 'long.ipynb', book(code('await new Promise((r) => setTimeout(r, 60000));')));
    const stop = new AbortController();
    const run = runNotebook(path, { signal: stop.signal, onCell: () => stop.abort(new Error('enough')) });
    await expect(run).rejects.toThrow('enough');
  });
});

describe('a kernel', () => {
  test('has a connection file that only its owner reads, gone once it is connected', async () => {
    const kernel = await spawnKernel({ cwd: folder });
    expect(statSync(kernel.connection.path).mode & 0o777).toBe(0o600);
    kernel.kill();
    expect(await kernel.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(existsSync(kernel.connection.folder)).toBe(false);
    const client = await startKernel({ cwd: folder });
    expect(existsSync(client.process.connection.folder)).toBe(false);
    await client.shutdown();
    expect(isAlive(client.process.pid)).toBe(false);
  });

  describe.skipIf(process.platform === 'win32')('dies with its parent, its connection file with it,', () => {
    test.each(['SIGKILL', 'SIGINT'] as const)('when %s ends that, even in a busy loop', async (signal) => {
      const place = mkdtempSync(join(folder, 'busy-'));
      const parent = startParent(place, BUSY);
      const pid = Number(await firstLine(parent));
      expect(isAlive(pid)).toBe(true);
      parent.kill(signal);
      await until(() => !isAlive(pid));
      await until(() => readdirSync(place).length === 0);
      expect([isAlive(pid), readdirSync(place)]).toEqual([false, []]);
    });

    test('when that ends before the kernel has begun', async () => {
      const place = mkdtempSync(join(folder, 'early-'));
      const parent = startParent(place, EARLY);
      const pid = Number(await firstLine(parent));
      parent.kill('SIGKILL');
      await until(() => !isAlive(pid));
      await until(() => readdirSync(place).length === 0);
      expect([isAlive(pid), readdirSync(place)]).toEqual([false, []]);
    });
  });

  test("that is abandoned while it starts rejects with the signal's own reason", async () => {
    const stop = new AbortController();
    const started = startKernel({ cwd: folder, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(started).rejects.toThrow('enough');
  });
});

/** Programs (of the built package) that start a kernel and print its process id: once it is in a busy loop, and at once. */
const BUSY = `
  const kernel = await startKernel({ cwd: process.cwd() });
  await kernel.execute('1;', () => {});
  void kernel.execute('for (;;) {}', () => {});
  setTimeout(() => console.log(kernel.process.pid), 300);
`;
const EARLY = `
  const kernel = await spawnKernel({ cwd: process.cwd() });
  console.log(kernel.pid);
`;

/** @param place where its temporary files go */
function startParent(place: string, program: string): ChildProcessByStdio<null, Readable, null> {
  const built = (name: string): string => JSON.stringify(new URL(`../../dist/kernel/${name}.js`, import.meta.url).href);
  const imports = `
    import { startKernel } from ${built('kernel-client')};
    import { spawnKernel } from ${built('kernel-process')};
  `;
  return spawn(process.execPath, ['--input-type=module', '-e', imports + program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: folder,
    env: { ...process.env, TMPDIR: place },
  });
}

async function firstLine(parent: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  for await (const line of createInterface({ input: parent.stdout })) return line;
  throw new Error('the program ended without a word');
}

/** Waits for it, at most two minutes. */
async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 2400 && !isSo(); i++) await sleep(50);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
