// Small files that ask for much: each took minutes or half a gigabyte of a reader without limits.
import { gzipSync } from 'node:zlib';
import { WireWriter } from '../../dist/data/import/wire-writer.js';

/** @returns {{ kind: 'onnx' | 'tfjs' | 'pickle', name: string, bytes: Uint8Array }[]} */
export function bombs() {
  return [
    bomb(
      'onnx',
      'constants without end',
      network(
        repeated(20_000, (i) => node('ConstantOfShape', ['s'], [`c${i}`])),
        { s: [4096] },
      ),
    ),
    bomb(
      'onnx',
      'stretched without end',
      network(
        repeated(20_000, (i) => node('Expand', ['s', 't'], [`c${i}`])),
        { s: [1], t: [64, 64] },
      ),
    ),
    bomb(
      'onnx',
      'sums of long lists',
      network(
        repeated(20_000, (i) => node('Add', ['s', 's'], [`c${i}`])),
        { s: ones(4096) },
      ),
    ),
    bomb(
      'onnx',
      'split into thousands',
      network(
        repeated(3000, (i) => node('Split', ['x'], [`c${i}`], { axis: 0, num_outputs: 4096 })),
        {},
        [4096],
      ),
    ),
    bomb(
      'onnx',
      'thousands of axes',
      network(
        [node('Reshape', ['x', 's'], ['t0']), ...repeated(20_000, (i) => node('Add', [`t${i}`, `t${i}`], [`t${i + 1}`]))],
        { s: ones(4096) },
        [1],
      ),
    ),
    bomb('onnx', 'a sum of 200,000', network([node('Sum', new Array(200_000).fill('x'), ['z'])], {})),
    bomb('onnx', 'fields without end', gzipSync(Buffer.alloc(50 * 2 ** 20, Buffer.from([0x32, 0])))),
    bomb('onnx', 'a name for each version', Buffer.concat(repeated(700_000, () => OPSET))),
    bomb('tfjs', 'outputs without end', outputs()),
    bomb('tfjs', 'lists without end', gzipSync(Buffer.from(`{"a":[${'1,'.repeat(60e6)}1]}`))),
    bomb('tfjs', 'layers in the opposite order', layers()),
    bomb('pickle', 'an array of 200,000 axes', array(`(${'K\x01'.repeat(200_000)}t`, 'f8', 8, Buffer.alloc(8), '\x88')),
    bomb(
      'pickle',
      'a text of zeros',
      array('K\x01\x85', 'S4000000', 4e6, Buffer.concat([Buffer.alloc(4e6 - 1), Buffer.from('a')]), '\x89'),
    ),
    bomb('pickle', 'a text in four bytes each', array('K\x01\x85', 'U10000000', 40e6, Buffer.alloc(40e6, 'A\0\0\0'), '\x89')),
    bomb(
      'pickle',
      'dicts without end',
      Buffer.concat([Buffer.from('\x80\x02](', 'latin1'), Buffer.alloc(4e6, '}'), Buffer.from('e.')]),
    ),
    bomb('pickle', 'a list in itself, doubled', Buffer.from(`\x80\x02]q\x00${'h\x00h\x00\x86q\x00'.repeat(900)}.`, 'latin1')),
  ];
}

function bomb(kind, name, bytes) {
  return { kind, name, bytes: new Uint8Array(bytes) };
}

function repeated(count, make) {
  return Array.from({ length: count }, (_, i) => make(i));
}

function ones(count) {
  return new Array(count).fill(1);
}

/** ModelProto.opset_import { domain a, version 3 } */
const OPSET = Buffer.from('42050a01611003', 'hex');

/** An ONNX model with these nodes, lists of whole numbers, and an input `x` that a Relu makes the output `y` of. */
function network(nodes, lists, shape = [1, 3]) {
  const graph = new WireWriter().text(2, 'g').message(11, value('x', shape)).message(12, value('y', shape));
  for (const [name, numbers] of Object.entries(lists)) {
    const tensor = new WireWriter().int(1, numbers.length).int(2, 7).text(8, name);
    for (const number of numbers) tensor.int(7, number);
    graph.message(5, tensor);
  }
  for (const one of [...nodes, node('Relu', ['x'], ['y'])]) graph.message(1, one);
  return new WireWriter().int(1, 8).message(7, graph).message(8, new WireWriter().text(1, '').int(2, 17)).finish();
}

function node(op, inputs, outputs, attributes = {}) {
  const writer = new WireWriter();
  for (const name of inputs) writer.text(1, name);
  for (const name of outputs) writer.text(2, name);
  writer.text(4, op);
  for (const [name, number] of Object.entries(attributes))
    writer.message(5, new WireWriter().text(1, name).int(3, number).int(20, 2));
  return writer;
}

function value(name, shape) {
  const extents = new WireWriter();
  for (const extent of shape) extents.message(1, new WireWriter().int(1, extent));
  return new WireWriter().text(1, name).message(2, new WireWriter().message(1, new WireWriter().int(1, 1).message(2, extents)));
}

function outputs() {
  const shape = { shape: { dim: [{ size: '1' }, { size: '3' }] } };
  const nodes = repeated(2000, (i) => [
    { name: `n${i}`, op: 'Other', input: ['x'] },
    { name: `m${i}`, op: 'Relu', input: [`n${i}:9999`] },
  ]);
  return Buffer.from(
    JSON.stringify({ modelTopology: { node: [{ name: 'x', op: 'Placeholder', attr: { shape } }, ...nodes.flat()] } }),
  );
}

function layers() {
  const count = 12_000;
  const all = repeated(count, (i) => ({
    name: `d${i}`,
    class_name: 'Dense',
    config: { name: `d${i}`, units: 4 },
    inbound_nodes: [[[i === 0 ? 'x' : `d${i - 1}`, 0, 0, {}]]],
  }));
  const input = { name: 'x', class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, 4] }, inbound_nodes: [] };
  const config = { layers: [input, ...all].reverse(), input_layers: [['x', 0, 0]], output_layers: [[`d${count - 1}`, 0, 0]] };
  return Buffer.from(JSON.stringify({ modelTopology: { model_config: { class_name: 'Functional', config } } }));
}

/** A numpy array: shape and order as operations of the pickle machine, type, bytes. */
function array(shape, type, length, content, order) {
  const lead = '\x80\x04cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R(K\x01';
  const element = `cnumpy\ndtype\n\x8c${String.fromCharCode(type.length)}${type}K\x00K\x01\x87R`;
  // Texts have their size in the state of the type.
  const state = type[0] === 'f' ? '' : `(K\x03\x8c\x01<NNNJ${int32(length)}K\x04K\x08tb`;
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([
    Buffer.from(`${lead}${shape}${element}${state}${order}\x8e`, 'latin1'),
    size,
    content,
    Buffer.from('tb.'),
  ]);
}

function int32(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(number);
  return bytes.toString('latin1');
}
