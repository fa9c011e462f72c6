import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, vi } from 'vitest';
import { predictedVsTrue } from '../../src/notebook/figures/predicted-vs-true.js';
import { mimeBundle } from '../../src/notebook/mime-bundle.js';
import { describeChromium, loadPage } from '../chromium.js';
import { temporaryFolder } from '../kernel/small-notebooks.js';

const folder = temporaryFolder();

describeChromium('figures in a live Jupyter page', () => {
  test('are drawn without any extension, also those above the one that brings plotly, and beside require.js', async () => {
    vi.stubEnv('NASCOPE_RUNNER', '');
    const figure = predictedVsTrue([1, 2, 3], [1, 2, 3], { names: ['</script><b>', 'b', 'c'] });
    const [first, second] = [mimeBundle(figure), mimeBundle(figure)].map((bundle) => String(bundle['text/html']));
    vi.unstubAllEnvs();
    const path = join(folder, 'live.html');
    const requireJs = '<script>window.define = () => { throw new Error("captured"); }; window.define.amd = {};</script>';
    writeFileSync(
      path,
      `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">${requireJs}<main>${second}${first}</main>`,
    );
    const page = await loadPage(pathToFileURL(path).href, {
      until: "document.querySelectorAll('.scatterlayer .point').length === 6",
      evaluate: "({ points: document.querySelectorAll('.scatterlayer .point').length, restored: typeof window.define })",
    });
    expect(page.messages).toEqual([]);
    expect(page.requests.filter((url) => !/^(?:file|data|blob):/.test(url))).toEqual([]);
    expect(page.value).toEqual({ points: 6, restored: 'function' });
  });
});
