import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { featureTable } from '../../src/core/base/table.js';
import type { Importance } from '../../src/core/explain/importance.js';
import type { CellGraph } from '../../src/core/ir/cell-graph.js';
import { exportHtml } from '../../src/kernel/export-html.js';
import { highlight } from '../../src/kernel/highlight.js';
import type { Output } from '../../src/kernel/notebook-file.js';
import { importanceBars } from '../../src/notebook/figures/importance-bars.js';
import { predictedVsTrue } from '../../src/notebook/figures/predicted-vs-true.js';
import { mimeBundle } from '../../src/notebook/mime-bundle.js';
import { describeChromium, loadPage, type PageLoad, type PageOptions } from '../chromium.js';
import { book, code, prose, temporaryFolder } from './small-notebooks.js';

const folder = temporaryFolder();

/** A server that counts who reaches it; it lends its address to everything hostile below. */
const reached: string[] = [];
const server = createServer((request, response) => {
  reached.push(String(request.url));
  response.end();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => void server.close());
const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** What scripts in a hostile notebook try: to be seen in the page's title, or to reach the network. */
const attack = `top.document.title='taken';document.title='taken';fetch('${elsewhere}/fetch')`;
const hostileTexts = [
  `</script><script>${attack}</script>`,
  `<img src=x onerror="${attack}">`,
  `</pre></code></section><script>${attack}</script>`,
  `"><svg onload="${attack}">`,
  `<!--<script>`,
  `]]><![CDATA[`,
];

function shown(value: unknown): Output {
  return { output_type: 'display_data', data: mimeBundle(value), metadata: {} };
}

function display(mime: string, content: unknown): Output {
  return { output_type: 'display_data', data: { [mime]: content }, metadata: {} };
}

const graph: CellGraph = {
  kind: 'edge-ops',
  space: 'nasbench201',
  vocabulary: { markers: [], ops: ['none', 'skip_connect', 'nor_conv_3x3'], phantoms: [], zero: 'none' },
  nodeCount: 3,
  nodeNames: ['1', '2', '3'],
  inputs: [0],
  output: 2,
  edges: [
    { from: 0, to: 1, op: 'nor_conv_3x3' },
    { from: 0, to: 2, op: 'none' },
    { from: 1, to: 2, op: 'skip_connect' },
  ],
};

const importance: Importance = {
  kind: 'importance',
  method: 'mean |SHAP value|',
  unit: 'percent',
  columns: ['op_count', 'min_path_len', 'node_degree', 'op_count'].map((family, i) => ({
    name: `${family}_${i}`,
    says: `what ${family.replaceAll('_', ' ')} number ${i} of the network says`,
    family,
    unit: 'edges',
  })),
  mean: Float64Array.of(0.5, 2.25, 1, 0.125),
};

async function open(name: string, html: string, options: PageOptions = {}): Promise<PageLoad> {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, html);
  return loadPage(pathToFileURL(path).href, options);
}

beforeAll(() => {
  vi.stubEnv('NASCOPE_RUNNER', '1');
  return () => vi.unstubAllEnvs();
});

describe('an exported page', () => {
  const notebook = book(
    prose('# A title\n\nwith *prose*, `code` and a [link](https://example.org).'),
    prose('## First'),
    code('const a = 1; // one\nlab.show(a)', {
      outputs: [{ output_type: 'stream', name: 'stdout', text: 'draw 1\rdraw 2\n\u001b[31mred\u001b[0m\n' }],
    }),
    prose('## Second'),
    code('bars', { outputs: [shown(importanceBars(importance)), shown(importance)] }),
  );

  test('is the same bytes for the same notebook, and carries plotly once', async () => {
    const html = await exportHtml(notebook, { title: 'x' });
    expect(await exportHtml(notebook, { title: 'x' })).toBe(html);
    expect(html.split('id="plotly-bundle"').length).toBe(2);
    expect(html).toContain('<title>A title</title>');
    expect(html).toContain('<li><a href="#second">Second</a></li>');
    expect(html).toContain('draw 2\nred</pre>');
    expect(html).not.toContain('draw 1');
  });

  test('has a box of contents where there are some, and the switch for code where there is some', async () => {
    const parts = async (...cells: Parameters<typeof book>): Promise<readonly boolean[]> => {
      const html = await exportHtml(book(...cells), { title: 'x' });
      return [html.includes('<nav'), html.includes('id="code"')];
    };
    const chapters = [prose('## First'), prose('## Second')];
    expect(await parts(...chapters, code('1'))).toEqual([true, true]);
    expect(await parts(...chapters)).toEqual([true, false]);
    expect(await parts(prose('Without a heading.'), code('1'))).toEqual([false, true]);
    expect(await parts(prose('# A title'), prose('no more'))).toEqual([false, false]);
  });

  test('carries no plotly where there is no figure', async () => {
    const html = await exportHtml(book(prose('# Only text')), { title: 'x' });
    expect(html.length).toBeLessThan(20_000);
  });

  test('refers to nothing elsewhere but by links', async () => {
    const html = await exportHtml(
      book(
        prose(
          '![p](http://attack.invalid/p.png) [l](javascript:alert(1)) [m](data:text/html,x) <link rel=stylesheet href=//attack.invalid>',
        ),
      ),
      { title: 'x' },
    );
    expect(html).not.toMatch(/<[^>]*(?:src|href)=["']?(?:http:\/\/attack|\/\/attack|javascript:|data:text)/);
    expect(html).toContain('[p]');
  });

  test.each(hostileTexts)('shows %j as text wherever it stands', async (text) => {
    const marks = book(
      prose(text),
      code(text, {
        outputs: [
          { output_type: 'stream', name: 'stdout', text },
          display('text/plain', text),
          display('application/json', { text }),
        ],
      }),
    );
    const html = await exportHtml(marks, { title: text });
    expect(html.match(/<script[^>]*>/g)).toEqual(['<script>']);
    expect(html).not.toMatch(/<(?:img|svg)/);
  });

  test('loses no character of highlighted code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (source) => {
        const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
        const text = highlight(source)
          .replace(/<[^>]*>/g, '')
          .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold is replaced
        expect(text).toBe(source.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd'));
      }),
    );
  });
});

describeChromium('an exported page in a browser', () => {
  test('draws its figures and tables without a network request or a complaint, in both schemes', async () => {
    const n = 300;
    const truth = Float64Array.from({ length: n }, (_, i) => 60 + (i % 97) / 3);
    const predicted = truth.map((v, i) => v + Math.sin(i) * 3);
    const table = featureTable(
      40,
      importance.columns.slice(0, 3),
      [0, 1, 2].map((c) => Float64Array.from({ length: 40 }, (_, r) => r * (c + 1) * 0.5)),
    );
    const html = await exportHtml(
      book(
        prose('# Which features drive the prediction?\n\nA first look.'),
        code('lab.show(x)', { outputs: [shown(table)] }),
        prose('## The cell'),
        code('lab.show(graph)', { outputs: [shown(graph), shown([graph, graph])] }),
        prose('## Figures'),
        code('lab.show(lab.importanceBars(shap, { top: 15 }));', {
          outputs: [
            shown(importanceBars(importance)),
            shown(predictedVsTrue(predicted, truth, { target: 'accuracy', unit: '%' })),
          ],
        }),
      ),
      { title: 'x' },
    );
    for (const dark of [false, true]) {
      const page = await open('good', html, {
        dark,
        until: "document.documentElement.dataset.drawn === 'yes'",
        screenshot:
          process.env.NASCOPE_SCREENSHOTS === undefined
            ? undefined
            : join(process.env.NASCOPE_SCREENSHOTS, `export-${dark ? 'dark' : 'light'}.png`),
        evaluate: `({
          bars: document.querySelectorAll('.plotly .bars .point').length,
          points: document.querySelectorAll('.plotly .scatterlayer .point').length,
          labels: [...document.querySelectorAll('.plotly .ytick text')].map((t) => t.textContent).slice(0, 2),
          frames: [...document.querySelectorAll('iframe')].map((f) => ({ cells: f.contentDocument.querySelectorAll('td').length, tall: f.clientHeight })),
          picture: document.querySelector('img.picture').naturalWidth,
        })`,
      });
      expect(page.messages).toEqual([]);
      expect(page.requests.filter((url) => !/^(?:file|data|blob|about):/.test(url))).toEqual([]);
      const seen = page.value as {
        bars: number;
        points: number;
        labels: string[];
        frames: { cells: number; tall: number }[];
        picture: number;
      };
      expect(seen.bars).toBe(4);
      expect(seen.points).toBe(n);
      expect(seen.labels).toEqual([
        'what min path len number 1 of the network says',
        'what node degree number 2 of the network says',
      ]);
      expect(seen.frames[0].cells).toBe(21 * 3);
      expect(seen.frames[0].tall).toBeGreaterThan(300);
      expect(seen.picture).toBeGreaterThan(100);
    }
  });

  test('runs nothing of a hostile notebook, and lets it reach nothing', async () => {
    const evilPlot = {
      data: [{ type: 'bar', x: [1], y: [1], name: `<a href="javascript:${attack}">x</a>`, hovertemplate: hostileTexts[1] }],
      layout: {
        title: { text: hostileTexts.join('') },
        images: [{ source: `${elsewhere}/i.png`, x: 0, y: 1, sizex: 1, sizey: 1 }],
      },
      config: { plotlyServerURL: `${elsewhere}` },
    };
    const outputs = [
      ...hostileTexts.map((text) => display('text/html', text)),
      display('text/html', `<form action="${elsewhere}/f"><input autofocus onfocus="${attack}"></form>`),
      display(
        'text/html',
        `<meta http-equiv="refresh" content="0;url=${elsewhere}/refresh"><link rel=stylesheet href="${elsewhere}/s.css"><style>@import "${elsewhere}/i.css"; body { background: url(${elsewhere}/b.png) }</style>`,
      ),
      display(
        'text/html',
        `<iframe src="${elsewhere}/frame"></iframe><object data="${elsewhere}/o"></object><video src="${elsewhere}/v" autoplay></video>`,
      ),
      display(
        'image/svg+xml',
        `<svg xmlns="http://www.w3.org/2000/svg" onload="${attack}"><script>${attack}</script><image href="${elsewhere}/s.png"/></svg>`,
      ),
      display('image/png', `"><script>${attack}</script>`),
      display('application/vnd.plotly.v1+json', evilPlot),
      display('application/vnd.plotly.v1+json', `</script><script>${attack}</script>`),
      display('text/markdown', hostileTexts.join('\n\n')),
      display('application/javascript', attack),
    ];
    const html = await exportHtml(
      book(prose(`# Innocent\n\n${hostileTexts.join('\n\n')}`), code(hostileTexts.join('\n'), { outputs })),
      { title: 'x' },
    );
    const page = await open('hostile', html, {
      until: "document.documentElement.dataset.drawn === 'yes'",
      evaluate: `new Promise((done) => setTimeout(() => done({
        title: document.title,
        scripts: [...document.scripts].filter((s) => s.type === '').length,
        sandboxed: [...document.querySelectorAll('iframe')].every((f) => f.getAttribute('sandbox') === 'allow-same-origin'),
      }), 500))`,
    });
    // Two scripts: the page's own and plotly, which it inserts. What the policy stopped is told in the console and never sent.
    expect(page.value).toEqual({ title: 'Innocent', scripts: 2, sandboxed: true });
    expect(page.requests.filter((url) => url.startsWith(elsewhere))).toEqual([]);
    expect(reached).toEqual([]);
    await fetch(`${elsewhere}/alive`);
    expect(reached).toEqual(['/alive']);
  });
});
