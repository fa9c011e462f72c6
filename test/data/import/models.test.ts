import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { writeCg } from '../../../src/core/ir/cg-json.js';
import { readCg } from '../../../src/core/ir/cg-json-read.js';
import { cost } from '../../../src/core/ir/cost.js';
import { inferShapes } from '../../../src/core/ir/shapes.js';
import { importBytes } from '../../../src/data/import/import-model.js';
import type { ImportedModel } from '../../../src/data/import/imported-model.js';
import { describeShared, shared } from '../../shared.js';

/**
 * Nodes, parameters, running statistics and declared outputs as another parser finds them: the `onnx` package 1.23.2
 * (len(graph.node); sizes of floating-point initializers and of the outputs of ConstantOfShape, BatchNormalization's
 * inputs 3 and 4 apart), and Python's `json` for tfjs (modelTopology.node or config.layers; float32 weights of the manifest).
 */
const files: readonly (readonly [string, number, number, number, readonly (readonly (number | null)[])[]])[] = [
  ['light_bvlc_alexnet.onnx', 40, 60965224, 0, [[1, 1000]]],
  ['light_inception_v1.onnx', 237, 6998552, 0, [[1, 1000]]],
  ['light_inception_v2.onnx', 916, 11214888, 19904, [[1, 1000]]],
  ['light_resnet50.onnx', 415, 25557033, 53120, [[1, 1000]]],
  ['light_squeezenet.onnx', 105, 1235496, 0, [[1, 1000, 1, 1]]],
  ['light_vgg19.onnx', 82, 143667240, 0, [[1, 1000]]],
  ['light_zfnet512.onnx', 38, 87250537, 0, [[1, 1000]]],
  ['mnist.onnx', 12, 5994, 0, [[1, 10]]],
  ['nnlqp_resnet18_no_weight.onnx', 69, 11689512, 9600, [[1, 1000]]],
  ['op_conv.onnx', 1, 1872, 0, [[20, 13, 48, 38]]],
  ['op_test_BatchNorm2d_eval.onnx', 1, 6, 6, [[2, 3, 6, 6]]],
  ['op_test_Conv2d_groups.onnx', 1, 78, 0, [[2, 6, 4, 4]]],
  ['op_test_ConvTranspose2d.onnx', 1, 112, 0, [[1, 4, 20, 12]]],
  ['op_test_PReLU_2d.onnx', 1, 1, 0, [[2, 3, 4, 5]]],
  [
    'ultraface_rfb_320.onnx',
    126,
    300412,
    0,
    [
      [1, 4420, 2],
      [1, 4420, 4],
    ],
  ],
  ['tfjs_abalone_layers.json', 3, 3051, 0, []],
  ['tfjs_blazeface.json', 171, 100412, 0, [[null, null, 17]]],
  ['tfjs_dense.json', 5, 2, 0, [[null, 1]]],
  ['tfjs_posedetection.json', 331, 2324896, 0, [[1, 1, 17, 3]]],
  ['tfjs_rn_sharded.json', 211, 1960691, 0, []],
  ['tfjs_use.json', 317, 6975877, 0, []],
];

const load = (file: string): ImportedModel => importBytes(readFileSync(shared('models', file)), { name: file });

describeShared('network files of other people', () => {
  describe.each(files)('%s', (file, nodes, parameters, buffers, outputs) => {
    const model = load(file);

    test('has the nodes, parameters and running statistics that another parser counts', () => {
      expect([model.nodes, model.parameters, model.buffers]).toEqual([nodes, parameters, buffers]);
    });

    test('gives the outputs that it declares', () => {
      const declared = model.declared.outputs.flatMap(({ shape }) => (shape === null ? [] : [shape]));
      expect(declared).toEqual(outputs);
      model.declared.outputs.forEach(({ shape }, i) => {
        const found = model.outputs[i].shape;
        expect(found?.map((extent, axis) => (shape?.[axis] === null ? null : extent))).toEqual(shape ?? found);
      });
    });

    test('survives the trip through the published file format', () => {
      expect(readCg(JSON.parse(JSON.stringify(writeCg(model.graph))))).toEqual(model.graph);
    });
  });

  test('ONNX files but for single odd operations are understood without a warning', () => {
    const odd = files.filter(([file]) => file.endsWith('.onnx')).filter(([file]) => load(file).warnings.length > 0);
    expect(odd.map(([file]) => file)).toEqual(['nnlqp_resnet18_no_weight.onnx', 'op_test_ConvTranspose2d.onnx']);
    expect(files.filter(([file]) => file.endsWith('.onnx')).map(([file]) => load(file).coverage)).toEqual(new Array(15).fill(1));
  });

  test('ResNet-18 without weights is costed as its authors count it', () => {
    const { graph, warnings } = load('nnlqp_resnet18_no_weight.onnx');
    // 11,689,512 parameters and 1.814 G multiplications: torchvision's table of models.
    expect(cost(graph)).toMatchObject({ params: 11689512, buffers: 9600, macs: 1814073344 });
    expect(graph.nodes).toHaveLength(69 + 2);
    expect(warnings.map(({ code }) => code)).toEqual(['missing-data']);
  });

  test('AlexNet’s two halves are groups, and its constants are folded away', () => {
    const { graph } = load('light_bvlc_alexnet.onnx');
    const groups = graph.nodes.flatMap(({ op }) => (op.type === 'conv2d' ? [op.groups] : []));
    expect(groups).toEqual([1, 2, 1, 2, 2]);
    // 40 nodes, 16 of them constants; an input and an output.
    expect(graph.nodes).toHaveLength(40 - 16 + 2);
  });

  test('Inception v2’s scales behind batch norms stay, their shapes made by Unsqueeze are folded', () => {
    const { graph } = load('light_inception_v2.onnx');
    const count = (type: string): number => graph.nodes.filter(({ op }) => op.type === type).length;
    expect([count('batchnorm'), count('mul'), count('add'), count('opaque'), count('reshape')]).toEqual([69, 69, 69, 1, 1]);
  });

  test('a sum of a constant for each channel becomes the bias of the product before it', () => {
    const { graph } = load('mnist.onnx');
    const biased = graph.nodes.flatMap(({ op }) => ('bias' in op ? [op.bias] : []));
    expect(biased).toEqual([true, true, true]);
    expect(cost(graph).params).toBe(5994);
  });

  test('images of tfjs and of ONNX both stand with their channels last', () => {
    const first = (file: string): readonly number[] => inferShapes(load(file).graph).out[0];
    expect(first('tfjs_rn_sharded.json')).toEqual([224, 224, 3]);
    expect(first('ultraface_rfb_320.onnx')).toEqual([240, 320, 3]);
  });

  test('MobileNetV2 of tfjs has its fused activations as nodes of their own', () => {
    const { graph, coverage } = load('tfjs_rn_sharded.json');
    const count = (type: string): number => graph.nodes.filter(({ op }) => op.type === type).length;
    // 17 depthwise convolutions, 36 others; all parameters but the two of input scaling are in them.
    expect([count('depthwise'), count('conv2d'), coverage]).toEqual([17, 36, 1]);
    expect(cost(graph).params).toBe(1960691 - 2);
  });

  test('what only the weight files tell is named, and the rest deduced', () => {
    const blazeface = load('tfjs_blazeface.json');
    // 16 x 16 places with 2 anchors and 8 x 8 with 6.
    expect(blazeface.outputs).toEqual([{ name: 'Identity', shape: [1, 2 * 16 * 16 + 6 * 8 * 8, 17] }]);
    expect(blazeface.warnings.map(({ code }) => code)).toContain('missing-data');
    const encoder = load('tfjs_use.json');
    expect(encoder.warnings).toContainEqual(expect.objectContaining({ code: 'unknown-op', subject: 'Where', times: 2 }));
    expect(encoder.coverage).toBeLessThan(1);
  });
});
