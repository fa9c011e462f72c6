import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeShared, published, readSharedCsv } from '../shared.js';
import { nascope } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-reproduce-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = join(root, 'bin', 'nascope.js');
const env = published;

interface Cell {
  readonly row: string;
  readonly column: string;
  readonly computed: number;
  readonly seeds: number;
  readonly paper_seeds: number;
  readonly verdict: string;
}

const cellsOf = (stdout: string): Cell[] =>
  stdout
    .trim()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Cell);
const results = (out: string, name = 'results.jsonl'): string[] => readFileSync(join(out, name), 'utf8').trim().split('\n');
const reproduce = (out: string, ...args: string[]) => nascope(['reproduce', ...args, '--out', join(folder, out)], { env });

test.each([
  [['nope'], /graf-tnb-micro/],
  [['graf-tnb-micro', '--rows', 'cifar'], /row’s name/],
  [['--seeds', '0'], /--seeds/],
  [['--shard', '3/2'], /--shard/],
  [['--format', 'csv,pdf'], /csv, arrow, latex, html/],
])('wrong usage %j is refused before any work', async (args, says) => {
  const { code, stdout, stderr } = await reproduce('refused', ...args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(says);
});

test('the list names every table, its cells and its source', async () => {
  const { code, stdout } = await nascope(['reproduce', '--list', '--json']);
  expect(code).toBe(0);
  const tables = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(tables).toContainEqual(expect.objectContaining({ id: 'graf-nb201-c10-1024', cells: 21, unavailable: 0, costly: false }));
});

describeShared('reproduce', () => {
  /** Four feature sets at 32 labels: published means and medians of 50 seeds. */
  const small = ['zc-combine-rerun', '--rows', 'NB201 cifar10 val_acc, rf, 32'];

  beforeAll(async () => {
    expect((await nascope(['data', 'pull', 'nasbench201'], { env })).code).toBe(0);
  });

  test("computes the reference's own numbers, seed for seed, and says how many seeds there were", async () => {
    const { code, stdout } = await reproduce('small', ...small, '--seeds', '2', '--json', '--format', 'csv,arrow,latex,html');
    expect(code).toBe(0);
    const cells = cellsOf(stdout);
    expect(cells).toHaveLength(16);
    for (const cell of cells) expect(cell).toMatchObject({ verdict: 'preliminary', seeds: 2, paper_seeds: 50 });

    const [head, ...rows] = readSharedCsv('goldens', 'graf', 'results_c10_small.csv');
    const at = (row: string[], name: string): string => row[head.indexOf(name)];
    for (const features of ['ZCP', 'GRAF', 'ZCP+GRAF', 'OH']) {
      const golden = rows
        .filter((row) => at(row, 'features') === features && at(row, 'train_size') === '32' && Number(at(row, 'data_seed')) <= 43)
        .map((row) => Number(at(row, 'tau')));
      const cell = cells.find((c) => c.row.endsWith(`32, ${features}`) && c.column === 'median tau');
      expect(golden).toHaveLength(2);
      expect(cell?.computed).toBeCloseTo((golden[0] + golden[1]) / 2, 12);
    }
    for (const name of ['cells.csv', 'cells.arrow', 'tables.tex', 'tables.html', 'manifest.json']) {
      expect(existsSync(join(folder, 'small', name)), name).toBe(true);
    }
  });

  test('a run that was killed goes on where it was', async () => {
    const out = join(folder, 'killed');
    const args = ['reproduce', ...small, '--seeds', '6', '--jobs', '1', '--json', '--out', out];
    await killedAfter(3, join(out, 'results.jsonl'), args);
    const before = results(out);
    expect(before.length).toBeLessThan(1 + 24);
    appendFileSync(join(out, 'results.jsonl'), '{"experiment":"zc_comb');

    const again = await reproduce('killed', ...small, '--seeds', '6', '--json');
    expect(again.code).toBe(0);
    expect(results(out).slice(0, before.length)).toEqual(before);
    expect(results(out)).toHaveLength(1 + 24);
    expect(new Set(results(out)).size).toBe(1 + 24);

    // And everything is there now: nothing is computed a third time.
    expect(cellsOf((await reproduce('killed', ...small, '--seeds', '6', '--json')).stdout)).toEqual(cellsOf(again.stdout));
    expect(results(out)).toHaveLength(1 + 24);
  });

  test('shards of a job array merge into what one run gives, and only when all are there', async () => {
    const script = join(root, 'bench', 'reproduce.sbatch');
    const out = join(folder, 'parts');
    const task = async (id: number): Promise<string> => {
      const slurm = {
        SLURM_ARRAY_TASK_ID: String(id),
        SLURM_ARRAY_TASK_COUNT: '2',
        SLURM_ARRAY_TASK_MIN: '5',
        SLURM_SUBMIT_DIR: root,
      };
      const options = { env: { ...process.env, ...env, ...slurm } };
      return (await promisify(execFile)('bash', [script, ...small, '--seeds', '2', '--json', '--out', out], options)).stdout;
    };
    expect(await task(5)).toMatch(/Shard 1\/2 is done, not merged yet .*no shard 2/);
    const early = await reproduce('merged', '--merge', out);
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(/expected shards 1 to 2, each once, got no shard 2/);

    const whole = cellsOf((await reproduce('small', ...small, '--seeds', '2', '--json')).stdout);
    expect(cellsOf(await task(6))).toEqual(whole);
    expect(cellsOf((await reproduce('merged', '--merge', out, '--json')).stdout)).toEqual(whole);

    // A shard twice, one that stopped early, and one of another plan.
    const twice = await reproduce('merged', '--merge', out, out);
    expect(twice.stderr).toMatch(/each once, got shards 1, 2, 1, 2/);
    const mixed = join(folder, 'mixed');
    mkdirSync(mixed);
    copyFileSync(join(out, 'shard-1-of-2.jsonl'), join(mixed, 'shard-1-of-2.jsonl'));
    expect((await reproduce('mixed', ...small, '--seeds', '3', '--shard', '2/2')).stdout).toMatch(/not merged yet .*3 seeds/);
    const other = await reproduce('merged', '--merge', mixed);
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/2 seeds.*got.*3 seeds/);
  });

  test('a cluster script outside a job array says what it is for', async () => {
    const script = join(root, 'bench', 'reproduce.sbatch');
    const ran = promisify(execFile)('bash', [script], { env: { PATH: process.env.PATH } });
    await expect(ran).rejects.toThrow(/SLURM_ARRAY_TASK_ID.*submit this file with sbatch/);
  });
});

/** Runs a command line and kills it without warning once a file has so many lines. */
async function killedAfter(lines: number, path: string, args: readonly string[]): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [bin, ...args], { env: { ...process.env, ...env }, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const watch = setInterval(() => {
    if (existsSync(path) && readFileSync(path, 'utf8').split('\n').length > lines) child.kill('SIGKILL');
  }, 5);
  await ended;
  clearInterval(watch);
}
