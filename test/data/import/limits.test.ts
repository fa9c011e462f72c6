import { describe, expect, test } from 'vitest';
import { importBytes } from '../../../src/data/import/import-model.js';
import { readPickle } from '../../../src/data/import/pickle.js';
import { NumpyArray } from '../../../src/data/import/pickle-value.js';
import { WireWriter } from '../../../src/data/import/wire-writer.js';

describe('what asks for more than any network has', () => {
  test('a sum of 130,000 terms is one node', () => {
    const { graph, warnings } = onnx([node('Sum', new Array<string>(130_000).fill('x'), ['z']), node('Relu', ['z'], ['y'])], {});
    expect(graph.nodes.map(({ op }) => op.type)).toEqual(['input', 'add', 'activation', 'output']);
    expect(warnings).toEqual([]);
  });

  test('a tensor of thousands of axes is none: the node stands with the shape that it was given', () => {
    const { graph, warnings } = onnx([node('Reshape', ['x', 's'], ['y'])], { s: new Array<number>(4096).fill(1) }, [1]);
    expect(warnings.map(({ code }) => code)).toContain('assumed-shape');
    expect(graph.nodes).toHaveLength(3);
  });

  test('of a tensor that is cut into thousands, the parts that have a name are kept', () => {
    const parts = node('Split', ['x'], ['y'], { axis: 0, num_outputs: 4096 });
    expect(onnx([parts], {}, [4096]).outputs).toEqual([{ name: 'y', shape: [1] }]);
  });

  test('constants are folded up to a limit, past which only short ones are: shapes', () => {
    const wide = Array.from({ length: 1100 }, (_, i) => node('ConstantOfShape', ['s'], [`c${i}`], {}, true));
    const shaped = [node('Shape', ['x'], ['n']), node('Reshape', ['x', 'n'], ['y'])];
    const { outputs, warnings } = onnx([...wide, ...shaped], { s: [4096] }, [2, 3]);
    expect(outputs).toEqual([{ name: 'y', shape: [2, 3] }]);
    expect(warnings.map(({ code, subject }) => `${code} ${subject}`)).toEqual(['assumed-shape ConstantOfShape']);
  });

  test('an output with a number near 10,000, of thousands of nodes, is refused', () => {
    const nodes = Array.from({ length: 100 }, (_, i) => [
      { name: `n${i}`, op: 'Other', input: ['x'] },
      { name: `m${i}`, op: 'Relu', input: [`n${i}:9999`] },
    ]).flat();
    const file = { modelTopology: { node: [{ name: 'x', op: 'Placeholder' }, ...nodes] } };
    expect(() => json(file)).toThrow(/500000/);
  });

  test('JSON of millions of values is refused before it is parsed', () => {
    const text = `{"nodes":[${'{},'.repeat(2e6)}{}]}`;
    expect(() => importBytes(new TextEncoder().encode(text), { name: 'm' })).toThrow(/at most 3000000 values/);
  });

  test('an array of more axes than numpy allows is left empty', () => {
    expect(pickledArray(64)).toBeInstanceOf(NumpyArray);
    expect((pickledArray(64) as NumpyArray).shape).toHaveLength(64);
    expect((pickledArray(65) as NumpyArray).shape).toEqual([0]);
  });
});

test('a layers-model whose layers stand in the opposite order has all of them', () => {
  const count = 1000;
  const layers = Array.from({ length: count }, (_, i) => ({
    name: `d${i}`,
    class_name: 'Dense',
    config: { name: `d${i}`, units: 4 },
    inbound_nodes: [[[i === 0 ? 'x' : `d${i - 1}`, 0, 0, {}]]],
  }));
  const input = { name: 'x', class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 4] }, inbound_nodes: [] };
  const config = { layers: [input, ...layers].reverse(), input_layers: [['x', 0, 0]], output_layers: [[`d${count - 1}`, 0, 0]] };
  const { graph, parameters, warnings } = json({ modelTopology: { model_config: { class_name: 'Functional', config } } });
  expect(graph.nodes).toHaveLength(count + 2);
  expect(parameters).toBe(count * (4 * 4 + 4));
  expect(warnings).toEqual([]);
});

test('a layer whose inputs are nowhere is named', () => {
  const layer = { name: 'd', class_name: 'Dense', config: { name: 'd', units: 4 }, inbound_nodes: [[['gone', 0, 0, {}]]] };
  const input = { name: 'x', class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 4] }, inbound_nodes: [] };
  const relu = { name: 'r', class_name: 'ReLU', config: { name: 'r' }, inbound_nodes: [[['x', 0, 0, {}]]] };
  const config = { layers: [input, layer, relu], input_layers: [['x', 0, 0]], output_layers: [['r', 0, 0]] };
  const { warnings } = json({ modelTopology: { model_config: { class_name: 'Functional', config } } });
  expect(warnings.map(({ code, subject }) => [code, subject])).toEqual([['ignored', 'd']]);
});

test('texts of four bytes a character are whole past the first thousand', () => {
  const text = 'añ\u{1f600}'.repeat(700);
  const codes = Uint32Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const lead = latin1(
    '\x80\x04cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\n\x8c\x05U2100K\x00K\x01\x87R(K\x03\x8c\x01<NNNM\xd0\x20K\x04K\x08tb',
  );
  const size = new Uint8Array(Uint32Array.of(codes.byteLength).buffer);
  const pickle = Buffer.concat([lead, latin1('B'), size, new Uint8Array(codes.buffer), latin1('\x86R.')]);
  expect(readPickle(new Uint8Array(pickle))).toBe(text);
});

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** One number, in so many axes of extent 1, columns first. */
function pickledArray(axes: number): unknown {
  const lead = '\x80\x04cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R(K\x01';
  const text = `${lead}(${'K\x01'.repeat(axes)}tcnumpy\ndtype\n\x8c\x02f8K\x00K\x01\x87R\x88C\x08${'\0'.repeat(8)}tb.`;
  return readPickle(new Uint8Array(latin1(text)));
}

function json(value: unknown): ReturnType<typeof importBytes> {
  return importBytes(new TextEncoder().encode(JSON.stringify(value)), { name: 'm' });
}

function onnx(
  nodes: readonly WireWriter[],
  lists: Readonly<Record<string, readonly number[]>>,
  shape: readonly number[] = [1, 3],
): ReturnType<typeof importBytes> {
  const graph = new WireWriter().text(2, 'g').message(11, value('x', shape)).message(12, new WireWriter().text(1, 'y'));
  for (const [name, numbers] of Object.entries(lists)) {
    const tensor = new WireWriter().int(1, numbers.length).int(2, 7).text(8, name);
    for (const number of numbers) tensor.int(7, number);
    graph.message(5, tensor);
  }
  for (const one of nodes) graph.message(1, one);
  const model = new WireWriter().int(1, 8).message(7, graph).message(8, new WireWriter().text(1, '').int(2, 17));
  return importBytes(model.finish(), { name: 'm' });
}

/** @param whole gives ConstantOfShape a whole number to fill with. */
function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, number>> = {},
  whole = false,
): WireWriter {
  const writer = new WireWriter();
  for (const name of inputs) writer.text(1, name);
  for (const name of outputs) writer.text(2, name);
  writer.text(4, op);
  for (const [name, number] of Object.entries(attributes))
    writer.message(5, new WireWriter().text(1, name).int(3, number).int(20, 2));
  const zero = new WireWriter().int(1, 1).int(2, 7).int(7, 0);
  if (whole) writer.message(5, new WireWriter().text(1, 'value').message(5, zero).int(20, 4));
  return writer;
}

function value(name: string, shape: readonly number[]): WireWriter {
  const extents = new WireWriter();
  for (const extent of shape) extents.message(1, new WireWriter().int(1, extent));
  return new WireWriter().text(1, name).message(2, new WireWriter().message(1, new WireWriter().int(1, 1).message(2, extents)));
}
