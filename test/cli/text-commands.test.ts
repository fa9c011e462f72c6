import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { microFamilies } from '../../src/core/spaces/micro/index.js';
import { describeShared, readShared, readSharedCsv } from '../shared.js';
import { nascope } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('help names every command and shows an example for each', async () => {
  const { code, stdout } = await nascope(['--help']);
  expect(code).toBe(0);
  const names = [...stdout.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map((m) => m[1]).filter((name) => name !== 'help');
  expect(names).toEqual(
    expect.arrayContaining(['doctor', 'spaces', 'features', 'encode', 'valid', 'data', 'evaluate', 'notebook', 'bench']),
  );
  for (const name of names) {
    const help = await nascope([name, '--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(/Examples?:\n {2}(.* \| )?npx nascope/);
  }
});

test.each([
  [['nonsense'], /unknown command/],
  [['features'], /--space/],
  [['features', '--space', 'nasbench202'], /nasbench201/],
  [['features', '--space', 'nasbench201', '--version', 'v2'], /icml24, main/],
  [['features', '--space', 'nasbench201', '--in', 'no-such-file'], /can be read/],
  [['evaluate', '--benchmark', 'nasbench201', '--seeds', '9-3'], /--seeds/],
  [['evaluate', '--benchmark', 'nasbench201', '--train', '0'], /--train/],
])('wrong usage %j ends with 2 and says what would be right', async (args, says) => {
  const { code, stdout, stderr } = await nascope(args);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/\n {4}at /);
});

test('a malformed line ends with 2, its number and what was expected, and leaves no file', async () => {
  const out = join(folder, 'features.csv');
  writeFileSync(out, 'as it was');
  const { code, stderr } = await nascope(['features', '--space', 'nasbench201', '--out', out], {
    input: '(4, 0, 3, 1, 4, 3)\n\n(4, 0, 3)\n',
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(/line 3.*expected/);
  expect(readFileSync(out, 'utf8')).toBe('as it was');
  expect(existsSync(`${out}.part`)).toBe(false);
});

test('encode wl counts each operation, and each with those that read it, over all lines', async () => {
  // All convolutions: the cell's first edge is read by two, the next two by one each, the three into the output by that.
  const { code, stdout } = await nascope(['encode', '--space', 'nasbench201', '--encoding', 'wl'], {
    input: '(2, 2, 2, 2, 2, 2)\n(4, 4, 4, 4, 4, 4)\n',
  });
  expect(code).toBe(0);
  const [head, first, second] = stdout.trimEnd().split('\n');
  expect(head).toBe(
    'net,wl_0_avg_pool_3x3,wl_0_input,wl_0_nor_conv_3x3,wl_0_output,' +
      '"wl_1_avg_pool_3x3>[avg_pool_3x3,avg_pool_3x3]",wl_1_avg_pool_3x3>[avg_pool_3x3],wl_1_avg_pool_3x3>[output],' +
      '"wl_1_input>[avg_pool_3x3,avg_pool_3x3,avg_pool_3x3]","wl_1_input>[nor_conv_3x3,nor_conv_3x3,nor_conv_3x3]",' +
      '"wl_1_nor_conv_3x3>[nor_conv_3x3,nor_conv_3x3]",wl_1_nor_conv_3x3>[nor_conv_3x3],wl_1_nor_conv_3x3>[output],wl_1_output>[]',
  );
  expect(first).toBe('"(2, 2, 2, 2, 2, 2)",0,1,6,1,0,0,0,0,1,1,2,3,1');
  expect(second).toBe('"(4, 4, 4, 4, 4, 4)",6,1,0,1,1,2,3,1,0,0,0,0,1');
});

test('encode wl of no architecture is refused: there are no columns to name', async () => {
  const { code, stdout, stderr } = await nascope(['encode', '--space', 'nasbench201', '--encoding', 'wl'], { input: '\n' });
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/at least one architecture/);
});

test('features --columns says in words what the columns are, in their order, and reads no architectures', async () => {
  const args = ['features', '--space', 'nasbench201', '--families', 'min_path_len,op_count'];
  const { code, stdout } = await nascope([...args, '--columns'], { input: 'no architecture\n' });
  expect(code).toBe(0);
  const [head, ...lines] = stdout.trimEnd().split('\n');
  expect(head).toBe('name,says,family,unit');
  expect(lines).toContain(
    'min_path_len_banned_(1),"shortest path using only skip_connect, nor_conv_3x3, nor_conv_1x1, avg_pool_3x3",min_path_len,edges',
  );
  const table = await nascope(args, { input: '(4, 0, 3, 1, 4, 3)\n' });
  const names = lines.map((line) => /^(?:"([^"]*)"|([^,]*)),/.exec(line)?.slice(1).join(''));
  expect(['net', ...names.map((name) => (name?.includes(',') ? `"${name}"` : name))].join(',')).toBe(table.stdout.split('\n')[0]);
});

test('valid tells cleaned networks from others and gives the cleaned form', async () => {
  const { code, stdout } = await nascope(['valid', '--space', 'nasbench201'], {
    input: '(2, 1, 0, 1, 0, 2)\n(2, 1, 0, 1, 0, 1)\n',
  });
  expect(code).toBe(0);
  expect(stdout).toBe(
    'net,valid,canonical\n"(2, 1, 0, 1, 0, 2)",0,"(2, 1, 0, 1, 0, 1)"\n"(2, 1, 0, 1, 0, 1)",1,"(2, 1, 0, 1, 0, 1)"\n',
  );
});

test('spaces shows of each family of MicroBench an architecture that it reads, and no digits that a double has not', async () => {
  const { stdout } = await nascope(['spaces']);
  for (const family of Object.values(microFamilies)) {
    const [, example] = new RegExp(`^${family.id}: .*\\n +(.*)$`, 'm').exec(stdout) as RegExpExecArray;
    expect(() => family.parse(example)).not.toThrow();
  }
  expect(stdout).toContain('nasbench201: NAS-Bench-201, 15,625 architectures');
  expect(stdout).toContain('2.76e20 architectures');
});

test('spaces lists the five spaces with encodings that the other commands read', async () => {
  const { stdout } = await nascope(['spaces', '--json']);
  const listed = JSON.parse(stdout) as { id: string; encodings: { example: string }[] }[];
  expect(listed.map((s) => s.id)).toEqual(
    expect.arrayContaining(['nasbench101', 'nasbench201', 'nasbench301', 'transnas-micro', 'transnas-macro']),
  );
  for (const { id, encodings } of listed) {
    const { code, stderr } = await nascope(['valid', '--space', id], { input: encodings.map((e) => e.example).join('\n') });
    expect([code, stderr]).toEqual([0, '']);
  }
});

describeShared('against the reference', () => {
  const spaces = [
    ['nasbench101', 'nb101'],
    ['nasbench201', 'nb201'],
    ['transnas-micro', 'tnb101'],
    ['transnas-macro', 'tnb101_macro'],
  ] as const;

  test.each(spaces)('features of %s are the reference file, byte for byte', async (space, file) => {
    const golden = readShared('goldens', 'graf', `${file}_icml24.csv.gz`).split('\n').slice(0, 600);
    const input = golden
      .slice(1)
      .map((line) => line.slice(1, line.indexOf('"', 1)))
      .join('\n');
    const { code, stdout } = await nascope(['features', '--space', space], { input });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toEqual(golden);
  });

  test('encode writes the reference’s one-hot digits as whole numbers', async () => {
    const golden = (
      JSON.parse(readShared('goldens', 'graf', 'nb201_encodings.json.gz')) as { net: string; onehot: number[] }[]
    ).slice(0, 20);
    const { stdout } = await nascope(['encode', '--space', 'nasbench201', '--encoding', 'onehot'], {
      input: golden.map((g) => g.net).join('\n'),
    });
    const rows = stdout.trimEnd().split('\n').slice(1);
    expect(rows).toEqual(golden.map((g) => `"${g.net}",${g.onehot.join(',')}`));
  });

  test('valid flags equal the reference’s', async () => {
    const golden = readSharedCsv('goldens', 'graf', 'tnb101_valid_flags.csv.gz').slice(1, 400);
    const { stdout } = await nascope(['valid', '--space', 'transnas-micro'], { input: golden.map((g) => g[0]).join('\n') });
    expect(stdout.trimEnd().split('\n').slice(1)).toEqual(golden.map(([net, zeroed, valid]) => `"${net}",${valid},"${zeroed}"`));
  });
});
