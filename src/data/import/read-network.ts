import type { ComputeGraph } from '../../core/ir/compute-graph.js';
import { emitGraph, type Step } from './emit-graph.js';
import type { ImportedModel, ModelFormat, NamedShape, WarningList } from './imported-model.js';
import { type Call, type Meaning, NAMED, type Outcome, type Rules, type Tensor, volumeOf } from './meaning.js';
import { MOST_VALUES, type SourceNetwork, type SourceNode } from './source-network.js';
import { definitionOrder } from './source-order.js';

/** What a format brings of its own. */
export interface Dialect {
  readonly format: ModelFormat;
  readonly rules: Rules;
  /** Version of the operations of a domain. */
  readonly version: (domain: string) => number;
  /** Which inputs of a node are running statistics. */
  readonly statistics: (node: SourceNode) => readonly string[];
  /** Whether the node is a weight that is written as an operation (ONNX's light models fill constants). */
  readonly isWeight: (node: SourceNode) => boolean;
  /** Extents for what a file leaves open, by input and axis; the rest is 1, or 224 for height and width. */
  readonly inputShapes: Readonly<Record<string, readonly number[]>>;
}

/** Past this no tensor of a network goes: what says so is a mistake in the file. */
const MOST_EXTENT = 2 ** 31;

/**
 * Makes a computation graph of a network as its file has it: infers shapes, folds what follows from constants alone,
 * settles the layout of images, and names what it does not know. Takes O(nodes + edges).
 */
export function readNetwork(source: SourceNetwork, dialect: Dialect, warnings: WarningList): ImportedModel {
  const tensors = new Map<string, Tensor>();
  for (const [name, constant] of source.constants) tensors.set(name, { ...constant, constant: true });
  const inputs = source.inputs.filter(({ name }) => !tensors.has(name));
  for (const input of inputs) {
    const shape = closed(input, source.channelsFirst, dialect.inputShapes[input.name], warnings);
    tensors.set(input.name, { shape, kind: 'float', values: null, constant: false });
  }
  let known = 0;
  let made = 0;
  const steps: Step[] = [];
  const { order, cut } = definitionOrder(source.nodes, tensors);
  if (cut.size > 0) {
    warnings.add('subgraph', 'cycle', `${cut.size} edges that lead back (a loop) were left out`);
  }
  for (const place of order) {
    const node = source.nodes[place];
    const call: Call = {
      node,
      inputs: node.inputs.map((name) => (name === '' || cut.has(`${place} ${name}`) ? null : (tensors.get(name) ?? null))),
      version: dialect.version(node.domain),
      channelsFirst: source.channelsFirst,
    };
    const { meaning, understood } = meaningOf(call, source, dialect, warnings);
    if (understood) known++;
    const given = call.inputs.filter((input) => input !== null);
    const folds = given.every((input) => input.constant) && !node.attributes.subgraph;
    node.outputs.forEach((name, i) => {
      if (name === '') return;
      const {
        shape,
        values = null,
        kind = given[0]?.kind ?? 'float',
        constant = false,
      } = meaning.outputs[i] ?? meaning.outputs[0];
      const fixed = folds || constant;
      const few = fixed && values !== null && values.length <= MOST_VALUES ? values : null;
      tensors.set(name, { shape, kind, values: few, constant: fixed });
      if (dialect.isWeight(node) && folds && kind === 'float') made += volumeOf(shape);
    });
    const runtime = node.inputs.filter((_, i) => call.inputs[i]?.constant === false);
    if (node.outputs.some((name) => name !== '' && tensors.get(name)?.constant === false)) {
      steps.push({ node, meaning, inputs: runtime, constants: given.filter((input) => input.constant) });
    }
  }
  const graph: ComputeGraph = emitGraph(source, inputs, tensors, steps, warnings);
  const counted = countWeights(source, dialect);
  const outputs = source.outputs.map(({ name }): NamedShape => ({ name, shape: tensors.get(name)?.shape ?? null }));
  outputs.forEach((output, i) => {
    const said = source.outputs[i].shape;
    if (said === null || output.shape === null || agree(said, output.shape)) return;
    warnings.add(
      'shape-differs',
      output.name,
      `the file says [${said.map((extent) => extent ?? '?').join(', ')}], its operations give [${output.shape.join(', ')}]`,
    );
  });
  return {
    format: dialect.format,
    graph,
    nodes: source.nodes.length,
    parameters: counted.parameters + made - countedMade(source, dialect, tensors),
    buffers: counted.buffers + countedMade(source, dialect, tensors),
    coverage: source.nodes.length === 0 ? 1 : known / source.nodes.length,
    warnings: warnings.list(),
    declared: { inputs, outputs: source.outputs },
    outputs,
  };
}

/** The extents of an input, open ones filled in. */
function closed(
  input: NamedShape,
  channelsFirst: boolean,
  wanted: readonly number[] | undefined,
  warnings: WarningList,
): number[] {
  const said = input.shape ?? wanted ?? [];
  if (input.shape === null && wanted === undefined) {
    warnings.add('open-extent', input.name, 'the file states no shape for this input: it was taken as a single number');
  }
  const image = said.length === 4 ? (channelsFirst ? [2, 3] : [1, 2]) : [];
  return said.map((extent, axis) => {
    const own = wanted?.[axis];
    if (own !== undefined && Number.isInteger(own) && own >= 1) return own;
    if (extent !== null && extent >= 1 && extent <= MOST_EXTENT) return extent;
    // The batch is open nearly always, and plays no part in the graph.
    const taken = axis > 0 && image.includes(axis) ? 224 : 1;
    if (axis > 0) warnings.add('open-extent', input.name, `axis ${axis} is open: it was taken as ${taken}`);
    return taken;
  });
}

interface Understood {
  readonly meaning: Meaning;
  /** Whether there is a rule for the operation. */
  readonly understood: boolean;
}

function meaningOf(call: Call, source: SourceNetwork, dialect: Dialect, warnings: WarningList): Understood {
  const { node } = call;
  const own = node.domain === '' && !node.attributes.subgraph;
  const rule = own && Object.hasOwn(dialect.rules, node.op) ? dialect.rules[node.op] : undefined;
  const meaning = rule?.(call) ?? null;
  if (meaning?.outputs.every(({ shape }) => sensible(shape))) return { meaning, understood: true };
  const label = node.domain === '' ? node.op : `${node.domain}:${node.op}`;
  if (node.attributes.subgraph) {
    warnings.add('subgraph', label, 'a branch or a loop: it stands as one node, what is inside of it is not looked at');
  } else if (node.domain !== '') {
    warnings.add('custom-domain', label, 'an operation of another domain: it stands as one node that costs nothing');
  } else if (rule === undefined) {
    warnings.add('unknown-op', label, 'an operation without a rule: it stands as one node that costs nothing');
  }
  const first = call.inputs.find((input) => input !== null && !input.constant) ?? call.inputs.find((input) => input !== null);
  let assumed = false;
  const outputs = node.outputs.map((name): Outcome => {
    const said = source.known.get(name);
    const shape = said?.map((extent, axis) => extent ?? first?.shape[axis] ?? 1);
    if (shape !== undefined && sensible(shape)) return { shape };
    assumed = true;
    return { shape: first?.shape ?? [] };
  });
  if (assumed) {
    warnings.add('assumed-shape', label, 'its inputs do not tell the shape of what comes out: that of its first input was taken');
  }
  const some = outputs.length === 0 ? [{ shape: [] }] : outputs;
  return { meaning: { outputs: some, ops: [NAMED], layout: 'free' }, understood: rule !== undefined };
}

function sensible(shape: readonly number[]): boolean {
  return (
    shape.every((extent) => Number.isInteger(extent) && extent >= 0 && extent <= MOST_EXTENT) &&
    volumeOf(shape) <= Number.MAX_SAFE_INTEGER
  );
}

function agree(said: readonly (number | null)[], shape: readonly number[]): boolean {
  return (
    said.length === shape.length &&
    said.every((extent, axis) => extent === null || axis >= shape.length || extent === shape[axis])
  );
}

/** Floating-point numbers that the file holds: whole numbers are shapes and places, nothing learns them. */
function countWeights(source: SourceNetwork, dialect: Dialect): { parameters: number; buffers: number } {
  const statistics = new Set(source.nodes.flatMap((node) => dialect.statistics(node)));
  let [parameters, buffers] = [0, 0];
  for (const [name, { shape, kind }] of source.constants) {
    if (statistics.has(name)) buffers += volumeOf(shape);
    else if (kind === 'float') parameters += volumeOf(shape);
  }
  return { parameters, buffers };
}

/** Of the weights that operations fill, those that are running statistics. */
function countedMade(source: SourceNetwork, dialect: Dialect, tensors: ReadonlyMap<string, Tensor>): number {
  const statistics = new Set(source.nodes.flatMap((node) => dialect.statistics(node)));
  const made = source.nodes.filter((node) => dialect.isWeight(node)).flatMap(({ outputs }) => outputs);
  return made
    .filter((name) => statistics.has(name) && tensors.get(name)?.constant)
    .reduce((sum, name) => sum + volumeOf(tensors.get(name)?.shape ?? [0]), 0);
}
