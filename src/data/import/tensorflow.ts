import { DataError } from '../../core/base/errors.js';
import { Attributes } from './attributes.js';
import { type Constant, MOST_RANK } from './constant.js';
import { extents, readGraphDefJson } from './graphdef-json.js';
import { readGraphDef } from './graphdef-proto.js';
import { ImportBudget } from './import-budget.js';
import type { ImportOptions } from './import-options.js';
import { type ImportedModel, type ModelFormat, type NamedShape, WarningList } from './imported-model.js';
import { list, numbers, record, text } from './json-fields.js';
import { missingValues } from './missing-values.js';
import { type GraphDef, kindOfType, portsOf, tensorName } from './node-def.js';
import { readNetwork } from './read-network.js';
import type { SourceNode } from './source-network.js';
import { tensorflowRules } from './tensorflow-rules.js';
import { WireReader } from './wire-reader.js';

/** The network of a frozen TensorFlow graph, a `.pb` file. @throws DataError where the bytes are none. */
export function importGraphDef(bytes: Uint8Array, options: ImportOptions): ImportedModel {
  const budget = new ImportBudget(options.name);
  const graph = readGraphDef(new WireReader(bytes, options.name), budget);
  if (graph.nodes.length === 0) {
    const expected = 'a frozen TensorFlow graph with nodes';
    throw new DataError({ path: options.name, expected, got: 'a file without any', fix: 'Is it a frozen graph?' });
  }
  return importNodes(graph, new Map(), [], [], 'tf-graphdef', options, budget);
}

/** The network of a tfjs graph-model's `model.json`; its weight files are not needed. @throws DataError */
export function importTfjsGraph(json: unknown, options: ImportOptions): ImportedModel {
  const file = record(json);
  const graph = readGraphDefJson('modelTopology' in file ? file.modelTopology : file);
  if (graph.nodes.length === 0) {
    const expected = 'a graph-model with nodes in modelTopology';
    throw new DataError({ path: options.name, expected, got: 'none', fix: 'Is it the model.json of a tfjs graph-model?' });
  }
  const signature = record(file.signature ?? record(file.userDefinedMetadata).signature);
  return importNodes(
    graph,
    withValues(manifestWeights(file, options.name), options.weightValues),
    signed(signature.inputs),
    signed(signature.outputs),
    'tfjs-graph',
    options,
    new ImportBudget(options.name),
  );
}

function withValues(weights: Map<string, Constant>, values: ImportOptions['weightValues'] = new Map()): Map<string, Constant> {
  for (const [name, held] of values) {
    const weight = weights.get(name);
    if (weight !== undefined) weights.set(name, { ...weight, values: held });
  }
  return weights;
}

/** Weights by name, from the manifest: shapes and types, numbers are elsewhere. @throws DataError where a shape is none. */
export function manifestWeights(file: Readonly<Record<string, unknown>>, path: string): Map<string, Constant> {
  const weights = new Map<string, Constant>();
  for (const group of list(file.weightsManifest)) {
    for (const entry of list(record(group).weights)) {
      const { name, shape, dtype } = record(entry);
      const extent = numbers(shape);
      const size = extent.reduce((product, value) => product * value, 1);
      const whole = extent.length <= MOST_RANK && extent.every((value) => Number.isInteger(value) && value >= 0);
      if (!whole || size > Number.MAX_SAFE_INTEGER) {
        const got = JSON.stringify(shape).slice(0, 80);
        throw new DataError({ path: `${path}: weight ${text(name)}`, expected: 'extents', got, fix: 'The file is damaged.' });
      }
      const kind = dtype === 'int32' ? 'integer' : dtype === 'bool' || dtype === 'string' ? 'other' : 'float';
      weights.set(text(name), { shape: extent, kind, values: null });
    }
  }
  return weights;
}

function signed(ends: unknown): NamedShape[] {
  return Object.values(record(ends)).map((end) => {
    const { name, tensorShape } = record(end);
    const shape =
      record(tensorShape).dim === undefined ? null : extents(tensorShape).map((extent) => (extent > 0 ? extent : null));
    return { name: tensorName(text(name)), shape };
  });
}

function importNodes(
  graph: GraphDef,
  weights: ReadonlyMap<string, Constant>,
  inputs: readonly NamedShape[],
  outputs: readonly NamedShape[],
  format: ModelFormat,
  { name, inputShapes = {} }: ImportOptions,
  budget: ImportBudget,
): ImportedModel {
  const warnings = new WarningList();
  for (const called of graph.functions)
    warnings.add('subgraph', called, 'a function of the file: what is inside of it is not looked at');
  const constants = new Map<string, Constant>();
  const placeholders: NamedShape[] = [];
  const nodes: SourceNode[] = [];
  const known = new Map<string, readonly (number | null)[]>();
  const ports = portsOf(graph.nodes, outputs, budget);
  let channelsFirst = false;
  let small = 0;
  for (const node of graph.nodes) {
    const attributes = new Attributes(node.attributes);
    if (node.op === 'Const') {
      const held = attributes.constant('value');
      const weight = weights.get(node.name) ?? held;
      const value = weight ?? { shape: [], kind: kindOfType(attributes.text('dtype', 'DT_FLOAT')), values: null };
      constants.set(node.name, value);
      if (weight === null) warnings.add('missing-data', node.name, 'neither the node nor a manifest states this weight’s shape');
      else if (value.values === null && value.kind === 'integer') small++;
      continue;
    }
    if (node.op === 'Placeholder') {
      const said = attributes.numbers('shape');
      const declared = inputs.find((input) => input.name === node.name)?.shape ?? null;
      placeholders.push({ name: node.name, shape: declared ?? said?.map((extent) => (extent > 0 ? extent : null)) ?? null });
      continue;
    }
    if (attributes.text('data_format', 'NHWC').startsWith('NC')) channelsFirst = true;
    const stated = attributes.numbers('_output_shapes');
    if (stated !== null)
      known.set(
        node.name,
        stated.map((extent) => (extent > 0 ? extent : null)),
      );
    const count = ports.get(node.name) ?? 1;
    nodes.push({
      name: node.name,
      op: node.op,
      domain: '',
      inputs: node.inputs.filter((input) => !input.startsWith('^')).map(tensorName),
      outputs: Array.from({ length: count }, (_, k) => (k === 0 ? node.name : `${node.name}:${k}`)),
      attributes,
    });
  }
  if (small > 0) {
    warnings.add(
      'missing-data',
      `${small} whole-number constants`,
      'their numbers are in weight files: shapes that depend on them are inferred otherwise',
    );
  }
  const read = new Set(graph.nodes.flatMap((node) => node.inputs.map((input) => input.replace(/^\^/, '').replace(/:\d+$/, ''))));
  const last = nodes.filter((node) => !read.has(node.name)).map((node): NamedShape => ({ name: node.name, shape: null }));
  return readNetwork(
    { name, nodes, constants, inputs: placeholders, outputs: outputs.length > 0 ? outputs : last, known, channelsFirst },
    {
      format,
      rules: tensorflowRules,
      version: () => 0,
      statistics: ({ op, inputs: from }) => (op.startsWith('FusedBatchNorm') ? from.slice(3, 5) : []),
      settings: () => [],
      isWeight: () => false,
      missingValues,
      listed: graph.nodes.length,
      inputShapes,
    },
    warnings,
  );
}
