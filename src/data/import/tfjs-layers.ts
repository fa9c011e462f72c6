import { DataError } from '../../core/base/errors.js';
import { cost } from '../../core/ir/cost.js';
import { Attributes } from './attributes.js';
import type { ImportOptions } from './import-options.js';
import { type ImportedModel, type NamedShape, WarningList } from './imported-model.js';
import { type JsonRecord, list, number, record, text } from './json-fields.js';
import { kerasLayers } from './keras-layers.js';
import type { Rules } from './meaning.js';
import { readNetwork } from './read-network.js';
import type { SourceNode } from './source-network.js';
import { manifestWeights } from './tensorflow.js';

const MOST_LAYERS = 100_000;
const MOST_DEPTH = 32;

/**
 * The network of a tfjs layers-model's `model.json`: sequential and functional models, nested ones opened. Weight files
 * are not needed; without a manifest parameters are counted over the graph. @throws DataError
 */
export function importTfjsLayers(json: unknown, { name, inputShapes = {} }: ImportOptions): ImportedModel {
  const file = record(json);
  const topology = record('modelTopology' in file ? file.modelTopology : file);
  const model = record('model_config' in topology ? topology.model_config : topology);
  const warnings = new WarningList();
  const reading = new LayersReading(name, warnings);
  const { inputs, outputs } = reading.model(model, '', null, 0);
  if (reading.nodes.length === 0) {
    const expected = 'a layers-model with layers';
    throw new DataError({ path: name, expected, got: 'none', fix: 'Is it the model.json of a tfjs layers-model?' });
  }
  const weights = manifestWeights(file, name);
  const statistics = [...weights.keys()].filter((weight) => /moving_(mean|variance)/.test(weight));
  const made = readNetwork(
    {
      name,
      nodes: reading.nodes,
      constants: weights,
      inputs,
      outputs: outputs.map((output): NamedShape => ({ name: output, shape: null })),
      known: new Map(),
      channelsFirst: reading.channelsFirst,
    },
    {
      format: 'tfjs-layers',
      rules: reading.rules,
      version: () => 0,
      // Weights are named after layers, not read by nodes: the first node stands for all.
      statistics: (node) => (node === reading.nodes[0] ? statistics : []),
      settings: () => [],
      isWeight: () => false,
      missingValues: () => null,
      listed: reading.listed,
      inputShapes,
    },
    warnings,
  );
  if (weights.size > 0) return made;
  const { params, buffers } = cost(made.graph);
  return { ...made, parameters: params, buffers };
}

/** Layers of a model and of the models inside of it, as nodes. */
class LayersReading {
  readonly nodes: SourceNode[] = [];
  /** One for each class and configuration, under the node's operation. */
  readonly rules: Record<string, Rules[string]> = Object.create(null);
  channelsFirst = false;
  listed = 0;
  private readonly inputs: NamedShape[] = [];

  constructor(
    private readonly path: string,
    private readonly warnings: WarningList,
  ) {}

  /** @param given tensors for the inputs of a nested model; null for the outermost, which makes its own. */
  model(
    model: JsonRecord,
    prefix: string,
    given: readonly string[] | null,
    depth: number,
  ): { inputs: NamedShape[]; outputs: string[] } {
    if (depth > MOST_DEPTH) throw this.wrong(`models at most ${MOST_DEPTH} deep`, 'deeper ones');
    const config = record(model.config);
    // Old files have a sequential model's layers right in `config`.
    const layers = (Array.isArray(model.config) ? model.config : list(config.layers)).map(record);
    this.listed += layers.length;
    if (this.listed > MOST_LAYERS) throw this.wrong(`at most ${MOST_LAYERS} layers`, 'more');
    const functional = layers.some((layer) => list(layer.inbound_nodes).length > 0);
    const outputs = functional
      ? this.functional(layers, config, prefix, given, depth)
      : this.sequential(layers, prefix, given, depth);
    return { inputs: this.inputs, outputs };
  }

  private sequential(layers: readonly JsonRecord[], prefix: string, given: readonly string[] | null, depth: number): string[] {
    let last = given?.[0] ?? null;
    for (const layer of layers) {
      const config = record(layer.config);
      const name = `${prefix}${text(config.name) || text(layer.class_name)}`;
      if (last === null) {
        last =
          text(layer.class_name) === 'InputLayer' ? this.input(name, config) : this.input(`${name}_input`, firstShape(layer));
      }
      if (text(layer.class_name) !== 'InputLayer') [last] = this.layer(layer, name, [last], depth);
    }
    return last === null ? [] : [last];
  }

  private functional(
    layers: readonly JsonRecord[],
    config: JsonRecord,
    prefix: string,
    given: readonly string[] | null,
    depth: number,
  ): string[] {
    const ends = new Map(refs(config.input_layers).map(({ layer }, i) => [layer, i]));
    const made = new Map<string, string>();
    const key = (ref: Ref): string => `${ref.layer} ${ref.node} ${ref.tensor}`;
    const calls = layers.flatMap((layer) => {
      const own = text(layer.name) || text(record(layer.config).name);
      const inbound = list(layer.inbound_nodes);
      return (inbound.length === 0 ? [[]] : inbound).map(
        (call, node): LayerCall => ({ layer, own, node, from: refsOfCall(call) }),
      );
    });
    if (calls.length > MOST_LAYERS) throw this.wrong(`at most ${MOST_LAYERS} calls of layers`, 'more');
    // In the file's order nearly always; what stands before the layers that it reads waits for them.
    const waiting = new Map<string, LayerCall[]>();
    /** How many outputs it has; 0 while it waits. */
    const place = (call: LayerCall): number => {
      const { layer, own, node, from } = call;
      const name = `${prefix}${own}${node > 0 ? `_${node}` : ''}`;
      if (from.length === 0) {
        made.set(`${own} ${node} 0`, given?.[ends.get(own) ?? 0] ?? this.input(name, record(layer.config)));
        return 1;
      }
      const missing = from.find((ref) => !made.has(key(ref)));
      if (missing !== undefined) {
        const others = waiting.get(key(missing));
        if (others === undefined) waiting.set(key(missing), [call]);
        else others.push(call);
        return 0;
      }
      const tensors = from.map((ref) => made.get(key(ref)) as string);
      const outputs = this.layer(layer, name, tensors, depth);
      outputs.forEach((tensor, i) => {
        made.set(`${own} ${node} ${i}`, tensor);
      });
      return outputs.length;
    };
    for (const call of calls) {
      const placed = [call];
      for (let next = placed.pop(); next !== undefined; next = placed.pop()) {
        for (let i = place(next) - 1; i >= 0; i--) {
          const ref = `${next.own} ${next.node} ${i}`;
          for (const other of waiting.get(ref) ?? []) placed.push(other);
          waiting.delete(ref);
        }
      }
    }
    for (const { own } of [...waiting.values()].flat()) this.warnings.add('ignored', own, 'its inputs are nowhere in the file');
    return refs(config.output_layers).flatMap((ref) => made.get(key(ref)) ?? []);
  }

  private input(name: string, config: JsonRecord): string {
    const said = config.batch_input_shape ?? config.batch_shape;
    const shape = Array.isArray(said)
      ? said.map((extent) => number(extent)).map((extent) => (extent !== null && extent > 0 ? extent : null))
      : null;
    this.inputs.push({ name, shape });
    return name;
  }

  private layer(layer: JsonRecord, name: string, from: readonly string[], depth: number): string[] {
    const kind = text(layer.class_name);
    const config = record(layer.config);
    if (kind === 'Sequential' || kind === 'Model' || kind === 'Functional') {
      return this.model(layer, `${name}/`, from, depth + 1).outputs;
    }
    if (kind === 'TimeDistributed' && text(record(config.layer).class_name) === 'Dense')
      return this.layer(record(config.layer), name, from, depth);
    if (config.data_format === 'channels_first' || config.data_format === 'channelsFirst') this.channelsFirst = true;
    const rule = Object.hasOwn(kerasLayers, kind) ? kerasLayers[kind] : undefined;
    // A configuration has lists inside of lists, which attributes have not: each layer brings its own rule.
    if (rule !== undefined) {
      this.rules[`${kind}#${this.nodes.length}`] = ({ inputs, channelsFirst }) => {
        const given = inputs.filter((input) => input !== null);
        return given.length === 0 ? null : rule(config, given, channelsFirst);
      };
    }
    const op = rule === undefined ? kind : `${kind}#${this.nodes.length}`;
    this.nodes.push({ name, op, domain: '', inputs: from, outputs: [name], attributes: new Attributes() });
    return [name];
  }

  private wrong(expected: string, got: string): DataError {
    return new DataError({ path: this.path, expected, got, fix: 'The file is damaged, or no layers-model.' });
  }
}

/** The shape that a sequential model's first layer states, models inside of models opened. */
function firstShape(layer: JsonRecord): JsonRecord {
  let at = layer;
  for (let depth = 0; depth < MOST_DEPTH; depth++) {
    const config = record(at.config);
    if (config.batch_input_shape !== undefined || config.batch_shape !== undefined) return config;
    const inner = record(list(config.layers)[0] ?? config.layer);
    if (inner.class_name === undefined) return config;
    at = inner;
  }
  return record(at.config);
}

/** A layer where it is used: once, or several times with the same weights. */
interface LayerCall {
  readonly layer: JsonRecord;
  readonly own: string;
  readonly node: number;
  readonly from: readonly Ref[];
}

interface Ref {
  readonly layer: string;
  readonly node: number;
  readonly tensor: number;
}

/** `[[layer, node, tensor], …]`; a single one may stand without the outer list. */
function refs(value: unknown): Ref[] {
  const items = list(value);
  if (typeof items[0] === 'string') return [refOf(items)];
  return items.filter(Array.isArray).map(refOf);
}

function refOf(item: readonly unknown[]): Ref {
  return { layer: text(item[0]), node: number(item[1]) ?? 0, tensor: number(item[2]) ?? 0 };
}

/** Keras 2 has lists; Keras 3 has `{ args: [ { config: { keras_history: [...] } } ] }`. */
function refsOfCall(call: unknown): Ref[] {
  if (Array.isArray(call)) return refs(call);
  const found: Ref[] = [];
  const search = (value: unknown, depth: number): void => {
    if (depth > 6) return;
    const history = record(record(value).config).keras_history;
    if (Array.isArray(history)) found.push(refOf(history));
    else for (const item of list(value)) search(item, depth + 1);
  };
  search(record(call).args, 0);
  return found;
}
