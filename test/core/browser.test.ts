import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, expect, test } from 'vitest';
import { describeChromium, loadPage } from '../chromium.js';

const core = fileURLToPath(new URL('../../src/core/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'nascope-browser-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A page's program that goes the whole way through the core: sample, featurise, fit, explain, score. */
const program = `
import { rng } from '${core}base/rng.ts';
import { split } from '${core}base/split.ts';
import { take } from '${core}base/table.ts';
import { spaces } from '${core}spaces/index.ts';
import { features } from '${core}features/index.ts';
import { randomForest } from '${core}models/forest.ts';
import { treeShap } from '${core}explain/treeshap.ts';
import { kendallTau } from '${core}metrics/kendall.ts';
${readdirSync(core, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name, i) => `import * as all${i} from '${core}${name}'; globalThis.all${i} = all${i};`)
  .join('\n')}

const space = spaces.nasbench201;
const nets = [...space.all()].filter((_, i) => i % 50 === 0);
const x = features(nets.map((net) => space.toGraph(net)));
const y = Float64Array.from(x.values[2], (convs, i) => convs + x.values[3][i] / 2);
const seed = rng(42);
const parts = split(nets.length, { train: 128, rng: seed.fork('split') });
const model = await randomForest({ trees: 20 }).fit(take(x, parts.train), take(y, parts.train), { rng: seed.fork('fit') });
const test = take(x, parts.test);
const tau = kendallTau(model.predict(test), take(y, parts.test));
const shap = treeShap(model, take(x, parts.test.slice(0, 5)));
document.body.textContent = 'tau ' + (tau > 0.8 ? 'high' : 'low ' + tau) + ', base ' + Number.isFinite(shap.base);
`;

describeChromium('in a browser', () => {
  test('the core, bundled into one module, goes from a sample to an explanation', async () => {
    const entry = join(folder, 'program.ts');
    writeFileSync(entry, program);
    const bundle = await rolldown({ input: entry, platform: 'browser' });
    const { output } = await bundle.generate({ format: 'esm' });
    await bundle.close();
    expect(output).toHaveLength(1);
    expect(output[0].imports).toEqual([]);
    const page = join(folder, 'page.html');
    const script = output[0].code.replaceAll('</script', '<\\/script');
    writeFileSync(page, `<!doctype html><meta charset="utf-8"><body></body><script type="module">${script}</script>`);
    const address = pathToFileURL(page).href;
    const seen = await loadPage(address, {
      until: "document.body.textContent.startsWith('tau')",
      evaluate: 'document.body.textContent',
    });
    expect(seen.messages).toEqual([]);
    expect(seen.requests).toEqual([address]);
    expect(seen.value).toBe('tau high, base true');
  });
});
