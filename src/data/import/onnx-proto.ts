import { Attributes, type AttributeValue } from './attributes.js';
import { type Constant, MOST_RANK, MOST_VALUES } from './constant.js';
import { ImportBudget } from './import-budget.js';
import type { NamedShape } from './imported-model.js';
import { type OnnxTensor, readSparse, readTensor } from './onnx-tensor.js';
import type { SourceNode } from './source-network.js';
import { WireReader } from './wire-reader.js';

/** What is read of an ONNX file. @see onnx/onnx: onnx/onnx.proto3, whose field numbers stand below. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producer: string;
  /** Version of each domain's operations. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph | null;
  /** Operations that the file itself defines, as `domain:name`. */
  readonly functions: readonly string[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly SourceNode[];
  readonly initializers: ReadonlyMap<string, Constant>;
  /** Initializers whose numbers are not in the file. */
  readonly empty: readonly string[];
  readonly inputs: readonly NamedShape[];
  readonly outputs: readonly NamedShape[];
  readonly valueInfo: readonly NamedShape[];
}

/** @throws DataError where the bytes are no ONNX file. */
export function readOnnxProto(bytes: Uint8Array, path: string): OnnxModel {
  const reader = new WireReader(bytes, path);
  const opsets = new Map<string, number>();
  const functions: string[] = [];
  const budget = new ImportBudget(path);
  let [irVersion, producer]: [number, string] = [0, ''];
  let graph: OnnxGraph | null = null;
  while (reader.next()) {
    if (reader.field === 1) irVersion = reader.int();
    else if (reader.field === 2) producer = reader.text();
    else if (reader.field === 7) graph = readGraph(reader.message(), budget);
    else if (reader.field === 8) {
      budget.item();
      const [domain, version] = readOpset(reader.message());
      opsets.set(domain, version);
    } else if (reader.field === 25) {
      budget.item();
      functions.push(readFunctionName(reader.message()));
    }
  }
  return { irVersion, producer, opsets, graph, functions };
}

function readOpset(reader: WireReader): [string, number] {
  let [domain, version] = ['', 0];
  while (reader.next()) {
    if (reader.field === 1) domain = reader.text();
    else if (reader.field === 2) version = reader.int();
  }
  return [domain === 'ai.onnx' ? '' : domain, version];
}

function readFunctionName(reader: WireReader): string {
  let [name, domain] = ['', ''];
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 10) domain = reader.text();
  }
  return `${domain}:${name}`;
}

function readGraph(reader: WireReader, budget: ImportBudget): OnnxGraph {
  let name = '';
  const nodes: SourceNode[] = [];
  const initializers = new Map<string, Constant>();
  const empty: string[] = [];
  const [inputs, outputs, valueInfo]: NamedShape[][] = [[], [], []];
  const keep = (tensor: OnnxTensor): void => {
    initializers.set(tensor.name, within(budget, tensor.constant));
    if (tensor.empty) empty.push(tensor.name);
  };
  while (reader.next()) {
    if (reader.field > 16) continue;
    if (reader.field !== 2) budget.item();
    if (reader.field === 1) nodes.push(readNode(reader.message(), budget));
    else if (reader.field === 2) name = reader.text();
    else if (reader.field === 5) keep(readTensor(reader.message()));
    else if (reader.field === 11) inputs.push(readValueInfo(reader.message()));
    else if (reader.field === 12) outputs.push(readValueInfo(reader.message()));
    else if (reader.field === 13) valueInfo.push(readValueInfo(reader.message()));
    else if (reader.field === 15) keep(readSparse(reader.message()));
  }
  return { name, nodes, initializers, empty, inputs, outputs, valueInfo };
}

function within(budget: ImportBudget, constant: Constant): Constant {
  return budget.keeps(constant.values?.length ?? 0) ? constant : { ...constant, values: null };
}

function readNode(reader: WireReader, budget: ImportBudget): SourceNode {
  const [inputs, outputs]: string[][] = [[], []];
  const attributes = new Map<string, AttributeValue>();
  let [name, op, domain] = ['', '', ''];
  while (reader.next()) {
    if (reader.field === 1 || reader.field === 2 || reader.field === 5) budget.item();
    if (reader.field === 1) inputs.push(reader.text());
    else if (reader.field === 2) outputs.push(reader.text());
    else if (reader.field === 3) name = reader.text();
    else if (reader.field === 4) op = reader.text();
    else if (reader.field === 7) domain = reader.text();
    else if (reader.field === 5) {
      const [key, value] = readAttribute(reader.message(), budget);
      if (value !== null) attributes.set(key, value);
    }
  }
  const own = domain === 'ai.onnx' ? '' : domain;
  return { name: name || outputs[0] || op, op, domain: own, inputs, outputs, attributes: new Attributes(attributes) };
}

/** AttributeProto; a value whose default is not written (0, '') comes from the type. */
function readAttribute(reader: WireReader, budget: ImportBudget): [string, AttributeValue | null] {
  let name = '';
  let type = 0;
  let value: AttributeValue | null = null;
  const [ints, floats]: number[][] = [[], []];
  const strings: string[] = [];
  while (reader.next()) {
    switch (reader.field) {
      case 1:
        name = reader.text();
        break;
      case 20:
        type = reader.int();
        break;
      case 2:
        value = reader.float();
        break;
      case 3:
        value = reader.int();
        break;
      case 4:
        value = reader.text();
        break;
      case 5:
        value = { constant: within(budget, readTensor(reader.message()).constant) };
        break;
      case 22:
        value = { constant: readSparse(reader.message()).constant };
        break;
      case 6:
      case 11:
        // A body is looked through for damage, not kept.
        readGraph(reader.message(), budget);
        value = 'subgraph';
        break;
      case 7:
        reader.floatsInto(floats, MOST_VALUES);
        break;
      case 8:
        reader.intsInto(ints, MOST_VALUES);
        break;
      case 9:
        budget.item();
        strings.push(reader.text());
        break;
    }
  }
  if (value !== null) return [name, value];
  if (ints.length > 0 || type === 7) return [name, budget.keeps(ints.length) ? ints : null];
  if (floats.length > 0 || type === 6) return [name, budget.keeps(floats.length) ? floats : null];
  if (strings.length > 0 || type === 8) return [name, strings];
  return [name, type === 1 || type === 2 ? 0 : type === 3 ? '' : null];
}

function readValueInfo(reader: WireReader): NamedShape {
  let name = '';
  let shape: (number | null)[] | null = null;
  while (reader.next()) {
    if (reader.field === 1) name = reader.text();
    else if (reader.field === 2) shape = readType(reader.message());
  }
  return { name, shape };
}

/** TypeProto: a tensor's shape; null for sequences, maps and tensors of unknown rank. */
function readType(reader: WireReader): (number | null)[] | null {
  let shape: (number | null)[] | null = null;
  while (reader.next()) {
    if (reader.field !== 1) continue;
    const tensor = reader.message();
    while (tensor.next()) if (tensor.field === 2) shape = readShape(tensor.message());
  }
  return shape;
}

function readShape(reader: WireReader): (number | null)[] {
  const shape: (number | null)[] = [];
  while (reader.next()) {
    if (reader.field !== 1) continue;
    if (shape.length >= MOST_RANK) throw reader.problem(`at most ${MOST_RANK} axes`, 'more');
    const dimension = reader.message();
    let extent: number | null = null;
    // An extent of 0 is how some exporters leave a batch open.
    while (dimension.next()) if (dimension.field === 1) extent = dimension.int();
    shape.push(extent !== null && extent > 0 ? extent : null);
  }
  return shape;
}
