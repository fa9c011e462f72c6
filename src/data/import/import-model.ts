import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute } from 'node:path';
import { DataError, ParseError, UnsupportedError } from '../../core/base/errors.js';
import { readCg } from '../../core/ir/cg-json-read.js';
import { cost } from '../../core/ir/cost.js';
import { INFLATE_LIMIT, readGzip } from '../read-gzip.js';
import { readZip } from '../read-zip.js';
import type { ImportOptions } from './import-options.js';
import type { ImportedModel } from './imported-model.js';
import { checkInputShapes, type InputShapes } from './input-shapes.js';
import { record } from './json-fields.js';
import { networkJson } from './network-json.js';
import { importOnnx } from './onnx.js';
import { readPickle } from './pickle.js';
import { plainValue } from './pickle-plain.js';
import { pickleField } from './pickle-value.js';
import { importGraphDef, importTfjsGraph } from './tensorflow.js';
import { importTfjsLayers } from './tfjs-layers.js';
import { wholeNumberWeights } from './tfjs-weight-files.js';

export interface ImportModelOptions {
  /** Name of the graph: the file's, unless said. */
  readonly name?: string;
  /** Extents of inputs that the file leaves open, by the input's name, in the file's layout with the batch; all of an input's. */
  readonly inputShapes?: InputShapes;
}

/**
 * Any network file as a computation graph: ONNX, the `model.json` of a tfjs graph-model or layers-model, a frozen
 * TensorFlow graph, or a computation graph in GENNAPE's JSON or as its programs pickle it; in a gzip or zip file too. What it is, its content says,
 * not its name. No weight files are needed; where those of a tfjs model lie beside it, axes and extents are read from them.
 * @param source a path, or the file's bytes.
 * @throws ParseError where there is no such file; DataError where it is damaged; UnsupportedError where it holds no graph;
 * ShapeError where `inputShapes` fit none of its inputs.
 */
export async function importModel(source: string | Uint8Array, options: ImportModelOptions = {}): Promise<ImportedModel> {
  if (typeof source !== 'string') return importBytes(source, { ...options, name: options.name ?? 'model' });
  let bytes: Uint8Array;
  try {
    bytes = await readFile(source);
  } catch (error) {
    const from = isAbsolute(source) ? '' : `, seen from ${process.cwd()}`;
    throw new ParseError({
      what: 'importModel',
      text: source,
      at: 0,
      expected: `a file that can be read (${problemOf(error)}${from})`,
    });
  }
  const named = { ...options, name: options.name ?? basename(source) };
  return importBytes(bytes, { ...named, weightValues: await weightsBeside(source, bytes) });
}

function problemOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return (
    { ENOENT: 'there is none', EISDIR: 'this is a folder', EACCES: 'this one is not for you' }[code ?? ''] ??
    code ??
    String(error)
  );
}

/** What a tfjs model's weight files tell, where they lie beside it. */
async function weightsBeside(path: string, bytes: Uint8Array): Promise<ImportOptions['weightValues']> {
  if (bytes[0] !== 0x7b) return undefined;
  try {
    return await wholeNumberWeights(networkJson(bytes, path), dirname(path));
  } catch {
    // Nothing is lost: they are deduced, and a damaged file is refused when it is read.
    return undefined;
  }
}

/** The same from bytes at once. */
export function importBytes(bytes: Uint8Array, options: ImportOptions): ImportedModel {
  return opened(bytes, options, 0, INFLATE_LIMIT);
}

const MOST_WRAPPINGS = 3;

/** @param room how many more bytes may come out of archives. */
function opened(bytes: Uint8Array, options: ImportOptions, depth: number, room: number): ImportedModel {
  const { name } = options;
  if (depth > MOST_WRAPPINGS) throw unknown(name, 'archives inside of archives');
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const inflated = readGzip(bytes, name, room);
    return opened(inflated, options, depth + 1, room - inflated.length);
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)) return fromZip(bytes, options, depth, room);
  const first = bytes.find(
    (byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0xef && byte !== 0xbb && byte !== 0xbf,
  );
  if (first === 0x7b) return fromJson(bytes, options);
  if (bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5) return fromPickle(bytes, options);
  if (bytes[0] === 0x89 && bytes[1] === 0x48 && bytes[2] === 0x44 && bytes[3] === 0x46) throw noGraph(name, 'an HDF5 file');
  if (bytes[4] === 0x54 && bytes[5] === 0x46 && bytes[6] === 0x4c && bytes[7] === 0x33) throw noGraph(name, 'a TFLite file');
  if (bytes.length === 0) throw unknown(name, 'an empty file');
  if (isText(bytes)) throw unknown(name, 'a text');
  // Both are protobuf. An ONNX file begins with its version (field 1, a number), a GraphDef with a node (field 1, bytes).
  return bytes[0] === 0x0a || bytes[0] === 0x22 || bytes[0] === 0x12 ? asGraphDef(bytes, options) : importOnnx(bytes, options);
}

/** Fields may stand in another order: what is no GraphDef may yet be ONNX. */
function asGraphDef(bytes: Uint8Array, options: ImportOptions): ImportedModel {
  try {
    return importGraphDef(bytes, options);
  } catch (error) {
    try {
      return importOnnx(bytes, options);
    } catch {
      throw error;
    }
  }
}

function fromZip(bytes: Uint8Array, options: ImportOptions, depth: number, room: number): ImportedModel {
  const names: string[] = [];
  const suits = (file: string): boolean => /\.(onnx|pb|json)$/i.test(file) && !file.startsWith('__MACOSX/');
  const entries = readZip(bytes, options.name, {
    limit: room,
    keep: (file) => {
      names.push(file);
      return suits(file);
    },
  });
  if (names.some((file) => /(^|\/)data\.pkl$/.test(file))) throw noGraph(options.name, 'a torch file');
  const left = entries.reduce((rest, entry) => rest - entry.bytes.length, room);
  const problems: unknown[] = [];
  for (const entry of entries) {
    try {
      return opened(entry.bytes, options, depth + 1, left);
    } catch (error) {
      problems.push(error);
    }
  }
  throw problems[0] ?? unknown(options.name, `a zip archive of ${names.slice(0, 3).join(', ') || 'nothing'}`);
}

function fromJson(bytes: Uint8Array, options: ImportOptions): ImportedModel {
  const { name } = options;
  const value = networkJson(bytes, name);
  const file = record(value);
  const topology = record(file.modelTopology);
  if ('weighted_nodes' in file) return fromCg(value, options);
  if (Array.isArray(topology.node) || Array.isArray(file.node)) return importTfjsGraph(value, options);
  const layered = [file, topology].some((part) => 'model_config' in part || 'class_name' in part);
  if (layered) return importTfjsLayers(value, options);
  throw unknown(name, `JSON with ${Object.keys(file).slice(0, 5).join(', ') || 'nothing in it'}`);
}

/** Nothing in it is run: what it holds is looked at as data. */
function fromPickle(bytes: Uint8Array, options: ImportOptions): ImportedModel {
  const { name } = options;
  const value = readPickle(bytes, { path: name });
  if (pickleField(value, 'weighted_nodes') === undefined) throw noGraph(name, 'a pickle');
  return fromCg(plainValue(value, name), options);
}

function isText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 512).every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d));
}

function fromCg(value: unknown, { name, inputShapes = {} }: ImportOptions): ImportedModel {
  checkInputShapes(inputShapes, [], name);
  const graph = readCg(value);
  const { params, buffers } = cost(graph);
  const unknownOps = graph.nodes.filter(({ op }) => op.type === 'opaque').length;
  return {
    format: 'cg-json',
    graph: { ...graph, name: graph.name || name },
    nodes: graph.nodes.length,
    parameters: params,
    buffers,
    coverage: graph.nodes.length === 0 ? 1 : 1 - unknownOps / graph.nodes.length,
    warnings: [],
    declared: { inputs: [], outputs: [] },
    outputs: [],
  };
}

function unknown(path: string, got: string): DataError {
  const expected = 'an ONNX file, a tfjs model.json, a frozen TensorFlow graph or a computation graph as JSON';
  return new DataError({ path, expected, got, fix: 'Export the network to ONNX.' });
}

function noGraph(path: string, what: string): UnsupportedError {
  return new UnsupportedError(
    `${path} is ${what}, which`,
    'It holds weights or code, no graph that could be read without running it: export the network to ONNX.',
  );
}
