import { beforeAll, expect, test } from 'vitest';
import { nascope } from './cli/run-cli.js';
import { describeShared, published, readSharedCsv } from './shared.js';

const env = published;

interface SeedRow {
  readonly seed: number;
  readonly train: number;
  readonly test: number;
  readonly tau: number;
}

describeShared('the published protocol on NAS-Bench-201', () => {
  beforeAll(async () => {
    const { code, stderr } = await nascope(['data', 'pull', 'nasbench201'], { env });
    expect([code, stderr.includes('nascope:')]).toEqual([0, false]);
  });

  const sets = [
    ['onehot', 'OH'],
    ['graf', 'GRAF'],
    ['zcp', 'ZCP'],
    ['graf+zcp', 'ZCP+GRAF'],
  ] as const;

  test.each(sets)('evaluate with %s gives the reference’s taus at 128 labels, split by split', async (features, name) => {
    const golden = new Map(
      readSharedCsv('goldens', 'graf', 'results_c10_small.csv')
        .slice(1)
        .filter((row) => row[4] === name && row[5] === '128')
        .map((row) => [Number(row[6]), Number(row[7])]),
    );
    const args = ['--features', features, '--train', '128', '--seeds', '42-46', '--protocol', 'zc_combine', '--json'];
    const { code, stdout, stderr } = await nascope(['evaluate', '--benchmark', 'nasbench201', ...args], { env });
    expect(code, stderr).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as SeedRow & { summary?: { seeds: number } });
    expect(lines.at(-1)?.summary?.seeds).toBe(5);
    const rows = lines.slice(0, -1);
    expect(rows.map(({ seed, train, test }) => [seed, train, test])).toEqual(
      [42, 43, 44, 45, 46].map((seed) => [seed, 128, 9317]),
    );
    // The same splits and scikit-learn's own forest: what is left is the order in which the reference's numbers were summed.
    for (const { seed, tau } of rows) expect(Math.abs(tau - (golden.get(seed) as number))).toBeLessThan(1e-9);
  });
});

describeShared('the published protocol on TransNAS-Bench-101', () => {
  // Medians over 50 splits of class_scene at 32 labels, printed to four digits (graf.md 6.2).
  const published = [
    ['onehot', 0.2748],
    ['graf+zcp', 0.5865],
  ] as const;

  test.each(published)('evaluate with %s gives the published median %d', async (features, median) => {
    expect((await nascope(['data', 'pull', 'transnas-micro'], { env })).code).toBe(0);
    const args = [
      '--dataset',
      'class_scene',
      '--features',
      features,
      '--train',
      '32',
      '--seeds',
      '42-91',
      '--protocol',
      'zc_combine',
    ];
    const { code, stdout, stderr } = await nascope(['evaluate', '--benchmark', 'transnas-micro', ...args, '--json'], { env });
    expect(code, stderr).toBe(0);
    const { summary } = JSON.parse(stdout.trimEnd().split('\n').at(-1) as string) as {
      summary: { tau: { n: number; median: number } };
    };
    expect(summary.tau.n).toBe(50);
    expect(Math.abs(summary.tau.median - median)).toBeLessThan(0.0001);
  });
});
