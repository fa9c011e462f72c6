import { foldable, MOST_RANK, SHORT } from './constant.js';
import { emitGraph } from './emit-graph.js';
import type { ImportedModel, ModelFormat, NamedShape, WarningList } from './imported-model.js';
import { checkInputShapes, type InputShapes, MOST_EXTENT } from './input-shapes.js';
import { type Call, type Meaning, NAMED, type Outcome, type Rule, type Rules, type Tensor, volumeOf } from './meaning.js';
import type { Deduced, Surroundings } from './missing-values.js';
import type { SourceNetwork, SourceNode } from './source-network.js';
import { definitionOrder } from './source-order.js';
import type { Step } from './step.js';

/** What a format brings of its own. */
export interface Dialect {
  readonly format: ModelFormat;
  readonly rules: Rules;
  /** Version of the operations of a domain. */
  readonly version: (domain: string) => number;
  /** Which inputs of a node are running statistics. */
  readonly statistics: (node: SourceNode) => readonly string[];
  /** Which inputs of a node are settings that happen to be tensors: the bounds of a clip, the scales of a resize. */
  readonly settings: (node: SourceNode) => readonly string[];
  /** Whether the node is a weight that is written as an operation (ONNX's light models fill constants). */
  readonly isWeight: (node: SourceNode) => boolean;
  /** Values of constants that the file has only the shapes of, from the network around a node. */
  readonly missingValues: (call: Call, around: Surroundings, mayWait: boolean) => Deduced;
  /** Nodes in the file, constants and inputs included where they are nodes. */
  readonly listed: number;
  /** Extents for what a file leaves open, by input and axis; the rest is 1, or 224 for height and width. */
  readonly inputShapes: InputShapes;
}

/** So many readers of a tensor are looked at where values have to be deduced. */
const MOST_READERS = 64;
/** So many values are folded in all, short lists (which shapes are) apart: keeps hostile files from taking minutes. */
const MOST_FOLDED = 4e6;

/** So often a node waits for the network around it to be known; then what is usual is taken. */
const MOST_ROUNDS = 40;

/**
 * Makes a computation graph of a network as its file has it: infers shapes, folds what follows from constants alone,
 * settles the layout of images, and names what it does not know. Takes O(nodes + edges).
 * @throws ShapeError when extents are given to inputs that it does not have.
 */
export function readNetwork(source: SourceNetwork, dialect: Dialect, warnings: WarningList): ImportedModel {
  const tensors = new Map<string, Tensor>();
  for (const [name, constant] of source.constants) tensors.set(name, { ...constant, constant: true });
  const inputs = source.inputs.filter(({ name }) => !tensors.has(name));
  checkInputShapes(dialect.inputShapes, inputs, source.name);
  for (const input of inputs) {
    const wanted = Object.hasOwn(dialect.inputShapes, input.name) ? dialect.inputShapes[input.name] : undefined;
    const shape = closed(input, source.channelsFirst, wanted, warnings);
    tensors.set(input.name, { shape, kind: 'float', values: null, constant: false });
  }
  const { steps, unknown, unsure } = understand(source, dialect, tensors, warnings);
  for (const { name, shape } of source.outputs) {
    const found = tensors.get(name);
    if (found === undefined || shape === null || !unsure.has(name) || agree(shape, found.shape)) continue;
    // Where shapes had to be guessed, the file knows better.
    tensors.set(name, {
      ...found,
      shape: shape.map((extent, i) => extent ?? (shape.length === found.shape.length ? found.shape[i] : 1)),
    });
  }
  const graph = emitGraph(source, inputs, tensors, steps, warnings);
  const outputs = source.outputs.map(({ name }): NamedShape => ({ name, shape: tensors.get(name)?.shape ?? null }));
  outputs.forEach(({ name, shape }, i) => {
    const said = source.outputs[i].shape;
    if (said === null || shape === null || agree(said, shape)) return;
    const stated = said.map((extent) => extent ?? '?').join(', ');
    warnings.add('shape-differs', name, `the file says [${stated}], its operations give [${shape.join(', ')}]`);
  });
  return {
    format: dialect.format,
    graph,
    nodes: dialect.listed,
    ...weightCounts(source, dialect, tensors),
    coverage: dialect.listed === 0 ? 1 : 1 - unknown / dialect.listed,
    warnings: warnings.list(),
    declared: { inputs, outputs: source.outputs },
    outputs,
  };
}

interface Understanding {
  /** Nodes whose results depend on the inputs, each after what it reads. */
  readonly steps: readonly Step[];
  /** How many nodes have no rule, or one that could not tell what comes out. */
  readonly unknown: number;
  /** Tensors whose shapes rest on a guess. */
  readonly unsure: ReadonlySet<string>;
}

/** Infers every tensor, into `tensors`. */
function understand(source: SourceNetwork, dialect: Dialect, tensors: Map<string, Tensor>, warnings: WarningList): Understanding {
  const { order, cut } = definitionOrder(source.nodes, tensors);
  if (cut.size > 0) warnings.add('subgraph', 'cycle', `${cut.size} edges that lead back (a loop) were left out`);
  const around = surroundings(source, tensors);
  const unsure = new Set<string>();
  const steps = new Map<number, Step>();
  let unknown = 0;
  let folded = 0;
  let waiting = order;
  for (let round = 0; waiting.length > 0; round++) {
    const blocked = new Set<string>();
    const later: number[] = [];
    let settled = 0;
    for (const place of waiting) {
      const node = source.nodes[place];
      const names = node.inputs.map((name) => (cut.has(`${place} ${name}`) ? '' : name));
      const block = (): void => {
        later.push(place);
        for (const name of node.outputs) blocked.add(name);
      };
      if (names.some((name) => blocked.has(name))) {
        block();
        continue;
      }
      const call = (): Call => ({
        node,
        inputs: names.map((name) => tensors.get(name) ?? null),
        version: dialect.version(node.domain),
        channelsFirst: source.channelsFirst,
      });
      const folds = names.length > 0 && names.every((name) => name === '' || tensors.get(name)?.constant);
      const rule = ruleOf(node, dialect);
      const spent = folds && folded > MOST_FOLDED;
      let meaning = spent ? null : sound(rule?.(call()) ?? null);
      if (meaning === null && rule !== undefined && !spent) {
        const mayWait = round < MOST_ROUNDS && (settled > 0 || round === 0);
        const deduced = dialect.missingValues(call(), around, mayWait);
        if (deduced === 'wait') {
          block();
          continue;
        }
        if (deduced !== null) {
          for (const [name, values] of deduced) {
            const held = tensors.get(name);
            if (held !== undefined) tensors.set(name, { ...held, values });
            unsure.add(name);
          }
          warnings.add('assumed-shape', node.op, 'axes or extents that it needs are in the weight files: they were deduced');
          meaning = sound(rule(call()));
        }
      }
      settled++;
      if (folds && meaning !== null) folded += longValues(meaning);
      const { inputs } = call();
      if (meaning === null) {
        unknown++;
        meaning = guessed(call(), rule !== undefined, source, warnings);
        for (const name of node.outputs) unsure.add(name);
      }
      if (names.some((name) => unsure.has(name))) for (const name of node.outputs) unsure.add(name);
      const step = settle(node, meaning, inputs, names, tensors);
      if (step !== null) steps.set(place, step);
    }
    waiting = later;
  }
  return { steps: order.flatMap((place) => steps.get(place) ?? []), unknown, unsure };
}

/** Notes what a node gives; null where that follows from constants alone. */
function settle(
  node: SourceNode,
  meaning: Meaning,
  inputs: Call['inputs'],
  names: readonly string[],
  tensors: Map<string, Tensor>,
): Step | null {
  const given = inputs.filter((input) => input !== null);
  const folds = given.every((input) => input.constant) && !node.attributes.subgraph;
  let runs = false;
  node.outputs.forEach((name, i) => {
    if (name === '') return;
    const { shape, values = null, kind = given[0]?.kind ?? 'float', constant = false } = meaning.outputs[i] ?? meaning.outputs[0];
    const fixed = folds || constant;
    const few = fixed && values !== null && foldable(kind, values.length) ? values : null;
    tensors.set(name, { shape, kind, values: few, constant: fixed });
    if (!fixed) runs = true;
  });
  if (!runs) return null;
  const read = names.filter((_, i) => inputs[i]?.constant === false);
  return { node, meaning, inputs: read, constants: given.filter((input) => input.constant) };
}

function longValues({ outputs }: Meaning): number {
  return outputs.reduce((sum, { values }) => sum + (values && values.length > SHORT ? values.length : 0), 0);
}

function surroundings(source: SourceNetwork, tensors: ReadonlyMap<string, Tensor>): Surroundings {
  const makers = new Map<string, SourceNode>();
  const readers = new Map<string, SourceNode[]>();
  for (const node of source.nodes) {
    for (const name of node.outputs) makers.set(name, node);
    for (const name of new Set(node.inputs)) {
      const known = readers.get(name);
      if (known === undefined) readers.set(name, [node]);
      else if (known.length < MOST_READERS) known.push(node);
    }
  }
  return {
    tensor: (name) => tensors.get(name),
    maker: (name) => makers.get(name),
    readers: (name) => readers.get(name) ?? [],
  };
}

/** The extents of an input, open ones filled in. */
function closed(
  input: NamedShape,
  channelsFirst: boolean,
  wanted: readonly number[] | undefined,
  warnings: WarningList,
): number[] {
  const stated = input.shape !== null && input.shape.length <= MOST_RANK ? input.shape : null;
  if (wanted !== undefined) return [...wanted];
  if (stated === null) {
    warnings.add(
      'open-extent',
      input.name,
      `the file states no shape for this input: it was taken as a single number ${WAY_OUT}`,
    );
    return [];
  }
  const image = stated.length === 4 ? (channelsFirst ? [2, 3] : [1, 2]) : [];
  return stated.map((extent, axis) => {
    if (extent !== null && extent >= 1 && extent <= MOST_EXTENT) return extent;
    // The batch is open nearly always, and plays no part in the graph.
    const taken = axis > 0 && image.includes(axis) ? 224 : 1;
    if (axis > 0) warnings.add('open-extent', input.name, `axis ${axis} is open: it was taken as ${taken} ${WAY_OUT}`);
    return taken;
  });
}

const WAY_OUT = '(importModel’s option inputShapes sets it; --input-shape, on a command line)';

function ruleOf({ op, domain, attributes }: SourceNode, { rules }: Dialect): Rule | undefined {
  return domain === '' && !attributes.subgraph && Object.hasOwn(rules, op) ? rules[op] : undefined;
}

/** Null for what no tensor can be. */
function sound(meaning: Meaning | null): Meaning | null {
  return meaning?.outputs.every(({ shape }) => sensible(shape)) ? meaning : null;
}

/** What stands for a node whose results do not follow from its inputs, whether it has a rule (`ruled`) or not; says so. */
function guessed({ node, inputs }: Call, ruled: boolean, source: SourceNetwork, warnings: WarningList): Meaning {
  const label = node.domain === '' ? node.op : `${node.domain}:${node.op}`;
  if (node.attributes.subgraph) {
    warnings.add('subgraph', label, 'a branch or a loop: it stands as one node, what is inside of it is not looked at');
  } else if (node.domain !== '') {
    warnings.add('custom-domain', label, 'an operation of another domain: it stands as one node that costs nothing');
  } else if (!ruled) warnings.add('unknown-op', label, 'an operation without a rule: it stands as one node that costs nothing');
  const first = inputs.find((input) => input?.constant === false) ?? inputs.find((input) => input !== null);
  let assumed = false;
  const outputs = node.outputs.map((name): Outcome => {
    const said = source.known.get(name);
    const shape = said?.map((extent, axis) => extent ?? first?.shape[axis] ?? 1);
    if (shape !== undefined && sensible(shape)) return { shape };
    assumed = true;
    return { shape: first?.shape ?? [] };
  });
  if (assumed)
    warnings.add('assumed-shape', label, 'its inputs do not tell what comes out: the shape of the first one was taken');
  return { outputs: outputs.length === 0 ? [{ shape: [] }] : outputs, ops: [NAMED], layout: 'carried' };
}

function sensible(shape: readonly number[]): boolean {
  return (
    shape.length <= MOST_RANK &&
    shape.every((extent) => Number.isInteger(extent) && extent >= 0 && extent <= MOST_EXTENT) &&
    volumeOf(shape) <= Number.MAX_SAFE_INTEGER
  );
}

function agree(said: readonly (number | null)[], shape: readonly (number | null)[]): boolean {
  return said.length === shape.length && said.every((extent, axis) => extent === null || extent === shape[axis]);
}

/** Floating-point numbers that the file holds or fills: whole numbers are shapes and places, nothing learns them. */
function weightCounts(
  source: SourceNetwork,
  dialect: Dialect,
  tensors: ReadonlyMap<string, Tensor>,
): { parameters: number; buffers: number } {
  const statistics = new Set(source.nodes.flatMap((node) => dialect.statistics(node)));
  const filled = source.nodes.filter((node) => dialect.isWeight(node)).flatMap(({ outputs }) => outputs);
  const settings = new Set(source.nodes.flatMap((node) => dialect.settings(node)));
  let [parameters, buffers] = [0, 0];
  for (const name of [...source.constants.keys(), ...filled]) {
    const tensor = tensors.get(name);
    if (!tensor?.constant || settings.has(name)) continue;
    if (statistics.has(name)) buffers += volumeOf(tensor.shape);
    else if (tensor.kind === 'float') parameters += volumeOf(tensor.shape);
  }
  return { parameters, buffers };
}
