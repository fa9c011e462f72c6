import { expect, it } from 'vitest';
import { type CgJson, type CgJsonNode, writeCg } from '../../../src/core/ir/cg-json.js';
import { readCg } from '../../../src/core/ir/cg-json-read.js';
import { cost } from '../../../src/core/ir/cost.js';
import { reach } from '../../../src/core/ir/reach.js';
import { familyNamed } from '../../../src/core/spaces/families/index.js';
import { describeShared, readShared } from '../../shared.js';

const nb101Cell =
  '{"matrix":[[0,1,1,0,0,0,1],[0,0,0,1,0,1,0],[0,0,0,0,0,1,0],[0,0,0,0,1,0,0],[0,0,0,0,0,1,0],[0,0,0,0,0,0,1],[0,0,0,0,0,0,0]],' +
  '"ops":["input","conv3x3-bn-relu","conv3x3-bn-relu","maxpool3x3","conv3x3-bn-relu","conv3x3-bn-relu","output"]}';
const nb201Cell = '|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|';

/** The published accuracies' networks, and the MFLOPs in GENNAPE's and AutoGO's tables (twice the counter). */
const best = [
  { file: 'hiaml_best', family: 'hiaml', arch: 'src1,src1,r30,src3', publishedMflops: 246 },
  { file: 'nb101_best', family: 'nasbench101', arch: nb101Cell, publishedMflops: 11722 },
  { file: 'nb201_best', family: 'nasbench201', arch: nb201Cell, publishedMflops: 313 },
];

const everyFile = [
  'hiaml_best',
  'nb101_best',
  'nb201_best',
  'samples__hiaml__best_autogo',
  'samples__nb201__best_autogo',
  'samples__resnet50__resnet50',
  'samples__resnet101__resnet101',
  'samples__vgg__vgg16_bn',
];

/** AutoGO's own results have bare numbers for ids, and labels apart from them. */
const bareIds = (file: string): boolean => file.endsWith('autogo');

describeShared('the authors’ computation graphs', () => {
  const load = (file: string): CgJson => JSON.parse(readShared('goldens', 'cg', `${file}.json`)) as CgJson;

  for (const { file, family, arch, publishedMflops } of best) {
    it(`${file}: the generator gives the same nodes in the same order, and the same edges`, () => {
      const made = familyNamed(family);
      const ours = writeCg(made.toCompute(made.parse(arch)));
      const theirs = load(file);
      expect(ours.weighted_nodes.map(essence)).toEqual(theirs.weighted_nodes.map(essence));
      expect(ours.regular_nodes.map(essence)).toEqual(theirs.regular_nodes.map(essence));
      expect(ours.edge_pairs).toEqual(theirs.edge_pairs);
      expect(ours.input_shape).toEqual(theirs.input_shape);
    });

    it(`${file}: twice the counter is the published number`, () => {
      const made = familyNamed(family);
      expect(Math.round((2 * cost(made.toCompute(made.parse(arch))).flops) / 1e6)).toBe(publishedMflops);
    });
  }

  for (const [family, arch, publishedMflops] of [
    ['inception', inception226(), 494],
    [
      'two-path',
      'conv5x5*|conv5x5*;double3x3+bottleneck-e2-k3|conv1x1+bottleneck-r2-k3*|bottleneck-e2-k3+bottleneck-r2-k3+bottleneck-e2-k1|bottleneck-r2-k3*',
      116,
    ],
  ] as const) {
    it(`${family}: twice the counter of the best network is the published number`, () => {
      const made = familyNamed(family);
      expect(Math.round((2 * cost(made.toCompute(made.parse(arch))).flops) / 1e6)).toBe(publishedMflops);
    });
  }

  for (const file of everyFile) {
    it(`${file}: shapes are inferred without the file's resolutions, and are the same`, () => {
      const theirs = load(file);
      const bare = {
        ...theirs,
        regular_nodes: theirs.regular_nodes.map((node) => (node.label === 'input' ? node : without(node))),
        weighted_nodes: theirs.weighted_nodes.map((node) => ({
          ...without(node),
          shape: [...node.resolution.slice(4), ...node.shape.slice(2)],
        })),
      };
      const ours = writeCg(readCg(bare));
      expect(ours.weighted_nodes.map((node) => node.resolution)).toEqual(theirs.weighted_nodes.map((node) => node.resolution));
      expect(ours.regular_nodes.map((node) => node.resolution)).toEqual(theirs.regular_nodes.map((node) => node.resolution));
    });

    it(`${file}: is written as it was read`, () => {
      const theirs = load(file);
      const ours = writeCg(readCg(theirs));
      for (const key of Object.keys(ours) as (keyof CgJson)[]) {
        if (key !== 'regular_nodes' && key !== 'weighted_nodes') expect(ours[key]).toEqual(theirs[key]);
      }
      expect(ours.regular_nodes.map((node) => kept(node, file))).toEqual(theirs.regular_nodes.map((node) => kept(node, file)));
      expect(ours.weighted_nodes.map((node) => kept(node, file))).toEqual(theirs.weighted_nodes.map((node) => kept(node, file)));
      // NAS-Bench-101's file has channels of kernels over 512 already.
      const scale = file === 'nb101_best' ? 512 : 1;
      expect(ours.weighted_nodes.map((node) => node.shape)).toEqual(
        theirs.weighted_nodes.map(({ shape: [from, to, ...kernel] }) => [
          Math.round(from * scale),
          Math.round(to * scale),
          ...kernel,
        ]),
      );
    });

    it(`${file}: graph to file to graph changes nothing`, () => {
      const graph = readCg(load(file));
      expect(readCg(JSON.parse(JSON.stringify(writeCg(graph))))).toEqual(graph);
    });
  }

  it('are as deep as their blocks make them', () => {
    const sums = (file: string): number => load(file).regular_nodes.filter((node) => node.label.startsWith('add')).length;
    for (const file of ['samples__resnet50__resnet50', 'samples__resnet101__resnet101']) {
      // A convolution, blocks of three that end in a sum, a classifier.
      expect(reach(readCg(load(file))).depth).toBe(1 + 3 * sums(file) + 1);
    }
    // The file's classifier is one matrix product where the paper's has three.
    expect(reach(readCg(load('samples__vgg__vgg16_bn'))).depth).toBe(16 - 2);
  });

  it('see as much of the image as Araujo, Norris and Sim (2019) print for VGG-16', () => {
    expect(reach(readCg(load('samples__vgg__vgg16_bn'))).receptiveField).toEqual([212, 212]);
  });
});

function essence(node: CgJsonNode & { readonly shape?: readonly number[] }): unknown {
  return {
    op: node.op_type_idx,
    resolution: node.resolution,
    kernel: node.shape?.slice(2),
    strides: node.strides,
    bias: node.metadata?.use_bias === true,
  };
}

function without({ str_id, op_type_idx, label, strides, metadata }: CgJsonNode): object {
  return { str_id, op_type_idx, label, strides, metadata };
}

function kept(node: CgJsonNode, file: string): unknown {
  const { op_type_idx, resolution, strides, metadata, str_id, label } = node;
  return { op_type_idx, resolution, strides, metadata, ...(bareIds(file) ? {} : { str_id, label }) };
}

function inception226(): string {
  const deep =
    'conv5x5+inception_p5x5+conv1x1+conv3x3+inception_s3x3+conv5x5+inception_s3x3+depthwise5x5+inception_p3x3+inception_s5x5+depthwise5x5';
  return [
    '6:depthwise5x5@16>16|inception_s3x3@16>16|depthwise5x5+conv5x5@16>16',
    '2:conv5x5+double1x1@128>64',
    '5:conv3x3@128>128',
    `3:inception_s5x5@64>64|${deep}@32>64|inception_p3x3+inception_s3x3@32>64|inception_s3x3@64>64`,
  ].join('/');
}
