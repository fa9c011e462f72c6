import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runNotebook } from '../../src/kernel/run-notebook.js';
import { describeShared, published } from '../shared.js';

const path = fileURLToPath(new URL('../../notebooks/06-hardware-and-robustness.ipynb', import.meta.url));

describeShared('06-hardware-and-robustness, in the stock kernel', () => {
  test('runs, and shows what it states: cost is counted, quality is wired', async () => {
    const run = await runNotebook(path, {
      params: { trainSize: '128', testSize: '1000', seeds: '1' },
      env: published,
    });
    expect(run.failure).toBeNull();
    const outputs = run.notebook.cells.flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []));
    const printed = outputs
      .flatMap((output) => (output.output_type === 'stream' && output.name === 'stdout' ? [output.text] : []))
      .join('');
    // Oracle: group means of ranks in pandas 1.5, of the same published files.
    const shares = Object.fromEntries([...printed.matchAll(/^(\S+) +([\d.]+) % between groups$/gm)].map((m) => [m[1], m[2]]));
    expect(shares).toEqual({
      fpga_latency: '100.0',
      eyeriss_energy: '100.0',
      raspi4_latency: '96.8',
      pixel3_latency: '95.8',
      edgegpu_latency: '74.7',
      val_acc: '79.5',
      'fgsm@Linf_eps-1.0': '72.0',
      'aa_apgd-ce@Linf_eps-0.5': '36.7',
      'aa_apgd-ce@Linf_eps-1.0': '46.0',
    });
    // The two cells: equal cost to the last digit, six times the robustness.
    const pair = [...printed.matchAll(/fpga_latency ([\d.]+) {3}.*aa_apgd-ce@Linf_eps-1\.0 ([\d.]+)/g)];
    expect(pair.map((cell) => cell[1])).toEqual(['3.32', '3.32']);
    expect(Number(pair[1][2])).toBeGreaterThan(6 * Number(pair[0][2]));

    const texts = outputs.flatMap((output) => (output.output_type === 'display_data' ? [String(output.data['text/plain'])] : []));
    const says = texts.find((text) => text.startsWith('[figure]')) ?? '';
    const tau = (target: string, set: string): number =>
      Number(
        says
          .slice(says.indexOf(`${target} ${set} `))
          .slice(`${target} ${set} `.length)
          .match(/^-?[\d.]+/)?.[0],
      );
    for (const cost of ['fpga_latency', 'eyeriss_energy', 'raspi4_latency', 'pixel3_latency']) {
      expect(tau(cost, 'counts'), cost).toBeGreaterThan(tau(cost, 'paths') + 0.05);
    }
    for (const quality of ['val_acc', 'aa_apgd-ce@Linf_eps-0.5', 'aa_apgd-ce@Linf_eps-1.0']) {
      expect(tau(quality, 'paths'), quality).toBeGreaterThan(tau(quality, 'counts'));
    }
  });
});
