import { DataError } from '../../core/base/errors.js';
import type { ImportOptions } from './import-options.js';
import { type ImportedModel, WarningList } from './imported-model.js';
import { readOnnxProto } from './onnx-proto.js';
import { onnxRules } from './onnx-rules.js';
import { readNetwork } from './read-network.js';

const NEWEST_OPSET = 24;

/** Inputs, from and to, that older opsets have as attributes. */
const SETTINGS = { Clip: [1, 3], Resize: [1, 4], Upsample: [1, 2], Pad: [1, 4], Dropout: [1, 3] } as const;

/**
 * The network of an ONNX file. Shapes are inferred from those of the inputs; what follows from constants alone is
 * folded; weights need not be in the file. Operations without a rule stand as `opaque` nodes, with a warning.
 * @throws DataError where the bytes are no ONNX file.
 */
export function importOnnx(bytes: Uint8Array, { name, inputShapes = {} }: ImportOptions): ImportedModel {
  const { graph, opsets, functions, irVersion } = readOnnxProto(bytes, name);
  if (graph === null || (irVersion === 0 && graph.nodes.length === 0)) {
    const got = 'a file without one';
    throw new DataError({ path: name, expected: 'an ONNX model with a graph', got, fix: 'Is it an ONNX file?' });
  }
  const warnings = new WarningList();
  const version = opsets.get('') ?? 1;
  if (version < 6 || version > NEWEST_OPSET) {
    warnings.add('version', `opset ${version}`, `rules are written for opsets 6 to ${NEWEST_OPSET}`);
  }
  if (graph.empty.length > 0) {
    const says = `the numbers of ${graph.empty.length} weights are not in the file: their shapes alone are used`;
    warnings.add('missing-data', graph.empty[0], says);
  }
  for (const defined of functions) warnings.add('ignored', defined, 'an operation that the file defines: it stands as one node');
  return readNetwork(
    {
      name,
      nodes: graph.nodes,
      constants: graph.initializers,
      inputs: graph.inputs,
      outputs: graph.outputs,
      known: new Map(
        [...graph.valueInfo, ...graph.outputs].flatMap(({ name: key, shape }) => (shape === null ? [] : [[key, shape]])),
      ),
      channelsFirst: true,
    },
    {
      format: 'onnx',
      rules: onnxRules,
      version: (domain) => opsets.get(domain) ?? 1,
      statistics: ({ op, domain, inputs }) => (op === 'BatchNormalization' && domain === '' ? inputs.slice(3, 5) : []),
      settings: ({ op, domain, inputs }) =>
        domain === '' && op in SETTINGS ? inputs.slice(...SETTINGS[op as keyof typeof SETTINGS]) : [],
      isWeight: ({ op, domain }) => op === 'ConstantOfShape' && domain === '',
      missingValues: () => null,
      listed: graph.nodes.length,
      inputShapes,
    },
    warnings,
  );
}
