import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputShape } from '../../src/cli/input-shape.js';
import { ParseError } from '../../src/core/base/errors.js';
import { openModel } from '../../src/data/model-file.js';
import { temporaryFolder } from '../../src/data/temporary-folder.js';
import { oneConvolution } from '../data/import/one-convolution.js';
import { nascope } from './run-cli.js';

const folder = temporaryFolder('input-shape');
afterAll(() => folder.remove());
const at = (name: string): string => join(folder.path, name);
const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(at(name), bytes);
  return at(name);
};
const OPEN = ['n', 3, 'h', 'w'] as const;

describe('--input-shape', () => {
  test('reads a name and extents; names may hold = and :', () => {
    const first = inputShape('image=1,3,32,32');
    expect(inputShape('a=b:0=1,7', first)).toEqual({ image: [1, 3, 32, 32], 'a=b:0': [1, 7] });
  });

  test.each([
    ['image', /name, = and its extents, such as image=1,3,32,32, got "image"/],
    ['=1,3', /an input's name/],
    ['image=', /whole numbers of at least 1 .*character 6/],
    ['image=1,3,x,32', /whole numbers .*batch first, such as image=1,3,32,32 at character 10/],
    ['image=1,,3', /character 8/],
    ['image=1,3,0,32', /at least 1 .*character 10/],
    ['image=1,3,-1,32', /character 10/],
    ['image=1,9999999999', /character 8/],
  ])('refuses %j, with an example', (text, says) => {
    expect(() => inputShape(text)).toThrow(ParseError);
    expect(() => inputShape(text)).toThrow(says);
  });

  test('refuses an input twice', () => {
    expect(() => inputShape('image=1,2', { image: [1, 3] })).toThrow(/each input once/);
  });
});

describe('graph --model with --input-shape', () => {
  beforeAll(() => void file('open.onnx', oneConvolution(8, OPEN)));

  test('costs the network at these extents', async () => {
    const { code, stdout, stderr } = await nascope(['graph', '--model', at('open.onnx'), '--input-shape', 'image=1,3,32,32']);
    expect(code, stderr).toBe(0);
    // 3 × 3 without padding leaves 30 of 32; 27 products for each of 8 channels.
    expect(JSON.parse(stdout)).toMatchObject({ macs: 30 * 30 * 8 * 27, params: 8 * 27 });
    expect(stderr).not.toContain('open-extent');
  });

  test.each([
    [['graph', '--model', 'open.onnx', '--input-shape', 'image=1,3'], /image \[\?, 3, \?, \?\], got image \[1, 3\]/],
    [['graph', '--model', 'open.onnx', '--input-shape', 'x=1,3,32,32'], /its input image .*got x/],
    [['graph', '--model', 'open.onnx', '--input-shape', 'image'], /--input-shape: expected an input's name/],
    [['graph', '--space', 'hiaml', '--arch', 'z,z,z,z', '--input-shape', 'image=1,3'], /expected none/],
    [['fit', '--benchmark', 'nasbench201', '--out', 'no.json', '--input-shape', 'image=1,3'], /expected none: a benchmark/],
  ])('wrong usage %j ends with 2 and says what would be right', async (args, says) => {
    const { code, stdout, stderr } = await nascope(args, { cwd: folder.path });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
  });
});

describe('fit --networks with --input-shape', () => {
  const filters = Array.from({ length: 24 }, (_, i) => 4 + i);
  const fit = (shape: string): ReturnType<typeof nascope> =>
    nascope(
      ['fit', '--networks', at('table.csv'), '--model', 'ridge', '--intervals', 'split', '--out', at('model.json')].concat(
        '--input-shape',
        shape,
      ),
    );
  const predict = (paths: readonly string[], ...args: string[]): ReturnType<typeof nascope> =>
    nascope(['predict', '--model', at('model.json'), ...args], { input: paths.join('\n') });

  beforeAll(async () => {
    const rows = filters.map((count) => {
      file(`${count}.onnx`, oneConvolution(count, OPEN));
      return `${count}.onnx,${count}`;
    });
    writeFileSync(at('table.csv'), `network,cost\n${rows.join('\n')}\n`);
    const { code, stderr } = await fit('image=1,3,32,32');
    expect(code, stderr).toBe(0);
  });

  test('keeps the extents in the model, and predict reads open files with them', async () => {
    const model = await openModel(at('model.json'));
    expect('about' in model && model.about).toMatchObject({ inputShapes: { image: [1, 3, 32, 32] } });
    const paths = [
      file('asked-open.onnx', oneConvolution(9, OPEN)),
      file('asked-32.onnx', oneConvolution(9, [1, 3, 32, 32])),
      file('asked-64.onnx', oneConvolution(9, [1, 3, 64, 64])),
    ];
    const { code, stdout, stderr } = await predict(paths);
    expect(code, stderr).toBe(0);
    const [open, closed, larger] = stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(1));
    expect(open).toEqual(closed);
    expect(larger[0]).not.toBe(closed[0]);
  });

  test('guesses no extents: a file that calls its input otherwise needs its own', async () => {
    const other = file('other.onnx', oneConvolution(9, OPEN, 'picture'));
    const refused = await predict([other]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/line 1: .*extents for picture too, which this file leaves open/);
    const told = await predict([other, at('9.onnx')], '--input-shape', 'picture=1,3,32,32');
    expect(told.code, told.stderr).toBe(0);
    const values = told.stdout.split('\n').map((line) => line.split(',')[1]);
    expect(values[1]).toBe(values[2]);
  });

  test('refuses a name that none of the files has', async () => {
    const closed = file('closed.onnx', oneConvolution(9, [1, 3, 32, 32]));
    const { code, stderr } = await predict([closed], '--input-shape', 'imge=1,3,32,32');
    expect(code).toBe(2);
    expect(stderr).toMatch(/--input-shape: expected an input that one of the files has \(image\), got "imge"/);
    const fitted = await fit('imge=1,3,32,32');
    expect(fitted.code).toBe(2);
    expect(fitted.stderr).toMatch(/data row 1: .*extents for image too/);
  });
});
