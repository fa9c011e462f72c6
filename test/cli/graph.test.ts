import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CgJson } from '../../src/core/ir/cg-json.js';
import { readCg } from '../../src/core/ir/cg-json-read.js';
import type { GraphStats } from '../../src/core/ir/graph-stats.js';
import { hiaml } from '../../src/core/spaces/families/hiaml.js';
import { describeShared, shared } from '../shared.js';
import { nascope } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-graph-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const best = ['--space', 'hiaml', '--arch', 'src1,src1,r30,src3'];

test('graph --stats prints the best HiAML network in its published numbers', async () => {
  const { code, stdout } = await nascope(['graph', ...best, '--stats']);
  expect(code).toBe(0);
  const stats = JSON.parse(stdout) as GraphStats;
  expect(stats).toMatchObject({
    nodes: 107,
    weighted: 32,
    edges: 118,
    ops: { conv: 31, matmul: 1, input: 1, batchnorm: 31, relu: 21, add: 12, relu6: 8, mean: 1, output: 1 },
    flops: 123157258,
    macs: 122079744,
    params: 2220746,
    coverage: 1,
    warnings: [],
  });
  // A mean and a variance for each scale and shift.
  expect(stats.buffers).toBe(
    2 * (64 + 2 * 3 * 64 + (128 + 64 + 128) + 3 * 128 + 2 * 5 * 128 + (256 + 128 + 256 + 256) + 4 * 256),
  );
  expect(stats.eigenvalues).toHaveLength(21);
  expect(stats.eigenvalues?.[1]).toBeCloseTo(0.0018306436, 9);
});

test('graph --json prints the published file format, which reads back', async () => {
  const { code, stdout } = await nascope(['graph', ...best, '--json']);
  expect(code).toBe(0);
  const file = JSON.parse(stdout) as CgJson;
  expect([file.weighted_nodes.length, file.regular_nodes.length, file.edge_pairs.length]).toEqual([32, 75, 118]);
  expect(readCg(file)).toEqual(hiaml.toCompute(hiaml.parse('src1,src1,r30,src3')));
});

test('graph --config reads a configuration, --svg writes the picture', async () => {
  const config = join(folder, 'config.json');
  const svg = join(folder, 'net.svg');
  writeFileSync(
    config,
    JSON.stringify({
      family: 'nasbench101',
      ops: ['input', 'output'],
      matrix: [
        [0, 1],
        [0, 0],
      ],
    }),
  );
  const { code, stdout } = await nascope(['graph', '--config', config, '--stats', '--svg', svg]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ nodes: 36, weighted: 11, edges: 35, macs: 137761792 });
  expect(readFileSync(svg, 'utf8')).toMatch(/^<svg .*<\/svg>$/s);
});

test.each([
  [['graph'], /--space and --arch, or --config/],
  [['graph', '--space', 'hiaml'], /--space and --arch/],
  [['graph', '--space', 'hiamll', '--arch', 'z,z,z,z'], /did you mean hiaml/],
  [['graph', '--space', 'hiaml', '--arch', 'z,z,z,q'], /hiaml: blocks\[3\]: expected one of z, a22/],
  [['graph', '--space', 'nasbench201', '--arch', '|x~0|'], /nasbench201: expected one of .* at character 1/],
  [['graph', '--config', 'no-such-file.json'], /an existing file/],
  [['graph', ...best, '--json', '--stats'], /one of --json, --stats/],
])('wrong usage %j ends with 2 and says what would be right', async (args, says) => {
  const { code, stdout, stderr } = await nascope(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(says);
  expect(existsSync('net.svg')).toBe(false);
});

test('a configuration that is not of its family names the field', async () => {
  const config = join(folder, 'wrong.json');
  writeFileSync(config, JSON.stringify({ family: 'two-path', paths: [[['conv3x3'], ['conv9x9']], []], reduce: [] }));
  const { code, stderr } = await nascope(['graph', '--config', config]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/two-path: paths\[0\]\[1\]\[0\]: expected one of conv3x3/);
});

test('graph --model refuses a damaged file as bad input, naming the byte', async () => {
  const file = join(folder, 'damaged.onnx');
  writeFileSync(file, Uint8Array.of(0x08, 0x08, 0x3a, 0x7f, 0x0a));
  const { code, stdout, stderr } = await nascope(['graph', '--model', file]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/damaged\.onnx: byte \d+: expected a field of at most/);
});

describeShared('graph --model', () => {
  test('prints what the file lists beside what its graph costs, and draws it', async () => {
    const file = shared('models', 'nnlqp_resnet18_no_weight.onnx');
    const svg = join(folder, 'resnet18.svg');
    const { code, stdout, stderr } = await nascope(['graph', '--model', file, '--stats', '--svg', svg]);
    expect(code).toBe(0);
    const stats = JSON.parse(stdout) as GraphStats;
    expect(stats).toMatchObject({ nodes: 69, graphNodes: 71, params: 11689512, buffers: 9600, macs: 1814073344, coverage: 1 });
    expect(stats.ops).toMatchObject({ conv: 20, batchnorm: 20, relu: 17, add: 8 });
    expect(stats.warnings).toEqual([expect.stringMatching(/^missing-data: .*102 weights/)]);
    expect(stderr).toContain(stats.warnings[0]);
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg /);
  });
});
