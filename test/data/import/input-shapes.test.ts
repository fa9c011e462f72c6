import { describe, expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { writeCg } from '../../../src/core/ir/cg-json.js';
import { cost } from '../../../src/core/ir/cost.js';
import { importModel } from '../../../src/data/import/import-model.js';
import type { InputShapes } from '../../../src/data/import/input-shapes.js';
import { oneConvolution } from './one-convolution.js';

const open = oneConvolution(8, ['n', 3, 'h', 'w']);
const macs = async (bytes: Uint8Array, inputShapes?: InputShapes): Promise<number> =>
  cost((await importModel(bytes, { inputShapes })).graph).macs;

describe('the extents of an open input', () => {
  test('are those that are given: a convolution costs what its formula says', async () => {
    // Without padding 3 × 3 leaves 30 of 32 and 14 of 16; 27 products for each of 8 channels.
    expect(await macs(open, { image: [1, 3, 32, 16] })).toBe(30 * 14 * 8 * 27);
    expect(await macs(open)).toBe(222 * 222 * 8 * 27);
  });

  test('leave no warning, and do not mind the batch', async () => {
    const codes = async (inputShapes?: InputShapes): Promise<readonly string[]> =>
      (await importModel(open, { inputShapes })).warnings.map(({ code }) => code);
    expect(await codes()).toContain('open-extent');
    expect(await codes({ image: [1, 3, 32, 32] })).not.toContain('open-extent');
    expect(await macs(open, { image: [64, 3, 32, 32] })).toBe(30 * 30 * 8 * 27);
  });

  test.each<[InputShapes, RegExp]>([
    [{ imge: [1, 3, 32, 32] }, /of net\.onnx: expected its input image \[\?, 3, \?, \?\], got imge/],
    [{ image: [32, 32] }, /expected image \[\?, 3, \?, \?\], got image \[32, 32\]/],
    [{ image: [1, 32, 32, 3] }, /expected image \[\?, 3, \?, \?\], got image \[1, 32, 32, 3\]/],
    [{ image: [1, 3, 0, 32] }, /at least 1 .*got image \[1, 3, 0, 32\]/],
    [{ image: [1, 3, 1.5, 32] }, /whole numbers/],
    [JSON.parse('{ "__proto__": [1] }'), /got __proto__/],
  ])('%j are refused where they do not fit, with what would', async (inputShapes, says) => {
    const reading = importModel(open, { inputShapes, name: 'net.onnx' });
    await expect(reading).rejects.toThrow(ShapeError);
    await expect(reading).rejects.toThrow(says);
  });

  test('are refused of a computation graph, which leaves none open', async () => {
    const graph = new TextEncoder().encode(JSON.stringify(writeCg((await importModel(open)).graph)));
    expect(await macs(graph)).toBe(222 * 222 * 8 * 27);
    await expect(macs(graph, { image: [1, 3, 32, 32] })).rejects.toThrow(/expected none.*got image/);
  });

  test('are no property that every object has', async () => {
    const strange = oneConvolution(8, ['n', 3, 'h', 'w'], 'constructor');
    expect(await macs(strange, {})).toBe(222 * 222 * 8 * 27);
  });
});
