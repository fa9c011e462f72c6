import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type NotebookRun, runNotebook } from '../../src/kernel/run-notebook.js';
import { describeShared, shared } from '../shared.js';

const path = fileURLToPath(new URL('../../notebooks/07-any-network.ipynb', import.meta.url));

function printed(run: NotebookRun): string {
  return run.notebook.cells
    .flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []))
    .flatMap((output) => (output.output_type === 'stream' && output.name === 'stdout' ? [output.text] : []))
    .join('');
}

test('07-any-network runs without any data, and shows what it states', async () => {
  const run = await runNotebook(path, {});
  expect(run.failure).toBeNull();
  const text = printed(run);
  // torchvision's table: 11,689,512 parameters, 1.814 G multiplications. 20 batch norms and convolutions each, and so on.
  expect(text).toMatch(/ResNet-18 \(onnx\): 68 nodes, 11689512 parameters\ncoverage 1\.00/);
  expect(text).toMatch(/1\.81 G multiply-accumulates\n11\.69 M parameters, 18 layers deep/);
  const [, deep, shallow] = text.split(/^ResNet-(?:50|18)$/m);
  expect(deep).toMatch(/^\s+ofa-resnet: /);
  expect(deep).toContain('by wiring alone: nasbench201');
  const nearest = (part: string): number => Number(/: ([\d.]+) \(spectrum/.exec(part)?.[1]);
  expect(nearest(shallow)).toBeGreaterThan(3 * nearest(deep));
  const pictures = run.notebook.cells.flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []));
  expect(JSON.stringify(pictures).match(/<svg /g)).toHaveLength(1);
});

describeShared('07-any-network, on a file of other people', () => {
  test('reads it by content', async () => {
    const run = await runNotebook(path, { params: { model: shared('models', 'light_squeezenet.onnx') } });
    expect(run.failure).toBeNull();
    expect(printed(run)).toMatch(/light_squeezenet\.onnx \(onnx\): 105 nodes, 1235496 parameters/);
  });
});
