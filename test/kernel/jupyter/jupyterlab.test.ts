import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgram } from '../../../src/cli/programs.js';
import { chromium, loadPage } from '../../chromium.js';
import { book, code, save, temporaryFolder } from '../small-notebooks.js';

const missing = [...(findProgram(['jupyter-lab']) === null ? ['JupyterLab'] : []), ...(chromium === '' ? ['Chromium'] : [])];
const title = missing.length === 0 ? '' : ` (needs ${missing.join(' and ')} on the PATH)`;
const folder = temporaryFolder();
const nascope = fileURLToPath(new URL('../../../bin/nascope.js', import.meta.url));

const cells = [
  "import * as lab from 'nascope';\nconst space = lab.spaces.nasbench201;\n[{ op: 'none', times: 2 }]",
  "lab.show(space.toGraph(space.parse('(4, 0, 3, 1, 4, 3)')));",
  "lab.show(lab.predictedVsTrue([1, 2, 4], [1, 2, 3], { target: 'accuracy', unit: '%' }));",
  'const bar = lab.progressBar("work");\nfor (let done = 1; done <= 3; done++) bar.update({ done, total: 3 });\nbar.end();',
  'let k = 0;\nfor (;;) k++;',
  '6 * 7',
  'const f = () => {\n  throw new RangeError("odd");\n};\nf();',
];

/** In JupyterLab's page: runs all cells, interrupts the endless one, runs the rest, restarts. */
const visit = `(async () => {
  const until = async (done) => { while (!done()) await new Promise((resolve) => setTimeout(resolve, 50)); };
  await until(() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle');
  const { content, sessionContext } = jupyterapp.shell.currentWidget;
  const models = content.widgets.map((widget) => widget.model);
  const running = (model) => model.executionState === 'running';
  const command = (id) => void jupyterapp.commands.execute('notebook:' + id);
  command('run-all-cells');
  await until(() => models[3].executionCount !== null && running(models[4]));
  await new Promise((resolve) => setTimeout(resolve, 500));
  command('interrupt-kernel');
  await until(() => !running(models[4]));
  for (const cell of [5, 6]) {
    content.activeCellIndex = cell;
    command('run-cell');
    await until(() => models[cell].executionCount !== null && !running(models[cell]));
  }
  content.activeCellIndex = 2;
  await content.scrollToItem(2, 'start');
  await until(() => document.querySelector('.js-plotly-plot .main-svg') !== null);
  const outputs = models.map((model) => model.outputs.toJSON().map((output) => output.ename ?? Object.keys(output.data).sort().join()));
  const counts = models.map((model) => model.executionCount);
  const text = (cell) => content.widgets[cell].node.querySelector('.jp-OutputArea').innerText;
  const shown = { kernel: sessionContext.kernelDisplayName, table: text(0), progress: text(3), error: text(6) };
  const pictureWidth = content.widgets[1].node.querySelector('.jp-OutputArea img').naturalWidth;
  const figures = document.querySelectorAll('.js-plotly-plot .main-svg .trace').length;
  await sessionContext.session.kernel.restart();
  const { content: again } = await sessionContext.session.kernel.requestExecute({ code: 'typeof space' }).done;
  return { outputs, counts, shown, pictureWidth, figures, afterRestart: again.ename };
})()`;

describe.skipIf(missing.length > 0)(`a notebook in JupyterLab${title}`, () => {
  let lab: ChildProcess;
  let address = '';
  let said = '';

  beforeAll(async () => {
    const kernelspec = { name: 'nascope', display_name: 'NAScope', language: 'typescript' };
    save(folder, 'play.ipynb', { ...book(...cells.map((source) => code(source))), metadata: { kernelspec } });
    const own = Object.fromEntries(['CONFIG', 'DATA', 'RUNTIME'].map((kind) => [`JUPYTER_${kind}_DIR`, join(folder, kind)]));
    const options = ['--no-browser', `--port=${await freePort()}`, '--allow-root', '--LabApp.expose_app_in_browser=True'];
    lab = spawn(process.execPath, [nascope, 'lab', folder, ...options], {
      env: { ...process.env, ...own },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    address = await new Promise((resolve, reject) => {
      lab.once('exit', () => reject(new Error(said)));
      lab.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const [, server, token] = /(http:\/\/127\.0\.0\.1:\d+)\/lab\?(token=\w+)/.exec(said) ?? [];
        if (token !== undefined) resolve(`${server}/lab/tree/play.ipynb?${token}`);
      });
    });
  });

  afterAll(async () => {
    if (lab.exitCode !== null || !lab.kill('SIGTERM')) return;
    await once(lab, 'exit');
  });

  test('opens in our kernel, draws what it shows, is interrupted, says what failed, and starts anew', async () => {
    const { value, messages } = await loadPage(address, { until: 'window.jupyterapp', evaluate: visit });
    expect(messages.filter((message) => message.startsWith('exception'))).toEqual([]);
    expect(value).toMatchObject({
      counts: [1, 2, 3, 4, 5, 6, 7],
      outputs: [
        ['text/html,text/plain'],
        ['image/svg+xml,text/plain'],
        ['application/vnd.plotly.v1+json,text/html,text/plain'],
        ['text/plain'],
        ['Interrupted'],
        ['text/plain'],
        ['RangeError'],
      ],
      shown: {
        kernel: 'NAScope (TypeScript, tslab)',
        table: expect.stringMatching(/op\s+times\s+none\s+2/),
        progress: expect.stringContaining('100 % 3/3'),
        error: expect.stringMatching(/RangeError: odd\n.*In \[7\]:2:9/),
      },
      afterRestart: 'TypeScriptError',
    });
    const { pictureWidth, figures } = value as { pictureWidth: number; figures: number };
    expect(pictureWidth).toBeGreaterThan(100);
    expect(figures).toBeGreaterThan(0);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
