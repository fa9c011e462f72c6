import { readdirSync, readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../../src/core/base/errors.js';
import { writeCg } from '../../../src/core/ir/cg-json.js';
import { importBytes } from '../../../src/data/import/import-model.js';
import { readPickle } from '../../../src/data/import/pickle.js';

import { InertRecord, type NumpyArray, type PickleValue, pickleField } from '../../../src/data/import/pickle-value.js';
import { readTorch } from '../../../src/data/import/torch-file.js';
import type { TorchTensor } from '../../../src/data/import/torch-tensor.js';
import { describeShared, shared } from '../../shared.js';
import { ARRAYS } from './pickle-bytes.js';

describe('numpy arrays in a pickle', () => {
  for (const [protocol, base64] of Object.entries(ARRAYS)) {
    const array = (name: string): NumpyArray => pickleField(readPickle(Buffer.from(base64, 'base64')), name) as NumpyArray;

    test.each<[string, string, number[], NumpyArray['values']]>([
      ['f8', '<f8', [2, 3], Float64Array.of(1.5, 2, 3, 4, 5, 6)],
      ['big', '>i4', [3], Int32Array.of(1, -2, 3)],
      ['fortran', '<i8', [2, 3], BigInt64Array.of(0n, 1n, 2n, 3n, 4n, 5n)],
      ['object', '|O', [3], [null, 'a', [1]]],
      ['bool', '|b1', [2], Uint8Array.of(1, 0)],
      ['text', '<U2', [3], ['ab', 'é', '']],
      ['bytes', '|S2', [2], ['ab', 'c']],
      ['half', '<f2', [5], Float32Array.of(1.5, -2, 65504, 2 ** -24, Number.POSITIVE_INFINITY)],
      ['complex', '<c8', [1], Float32Array.of(1, 2)],
      ['empty', '<f8', [0, 3], new Float64Array(0)],
      ['zero_d', '<u2', [], Uint16Array.of(7)],
      ['date', '<M8', [1], BigInt64Array.of(2n)],
      ['u64', '<u8', [1], BigUint64Array.of(2n ** 64n - 1n)],
      ['big_f4', '>f4', [1], Float32Array.of(0.5)],
    ])(`%s in protocol ${protocol}`, (name, dtype, shape, values) => {
      expect(array(name)).toMatchObject({ kind: 'ndarray', dtype, shape });
      expect(array(name).values).toEqual(values);
    });

    test(`scalars are numbers in protocol ${protocol}`, () => {
      expect(array('scalar_f8')).toBe(2.5);
      expect(array('scalar_i8')).toBe(-9n);
      expect(array('scalar_bool')).toBe(1);
    });
  }

  test('whose bytes do not fill its shape is a record or stays empty, and never reads past them', () => {
    const made = readPickle(
      Buffer.from(
        "cnumpy.core.numeric\n_frombuffer\n(C\x08abcdefghcnumpy\ndtype\n(S'f8'\nI0\nI1\ntR(I1000000000\ntS'C'\ntR.",
        'latin1',
      ),
    );
    expect(made).toBeInstanceOf(InertRecord);
  });
});

/** Two tensors on one storage of 0, 1, 2, 3, 4, 5: a transposed 3 × 2 view of all, and the last two. */
const VIEWS = (type: string): string => {
  const storage = `((S'storage'\nctorch\n${type}\nS'0'\nS'cpu'\nI6\ntQ`;
  const rest = 'I00\nccollections\nOrderedDict\n)RtR';
  return `(ctorch._utils\n_rebuild_tensor_v2\n${storage}I0\n(I3\nI2\nt(I1\nI3\nt${rest}ctorch._utils\n_rebuild_tensor_v2\n${storage}I4\n(I2\nt(I1\nt${rest}t.`;
};

describe('torch files', () => {
  const archive = (files: Record<string, Uint8Array>, type = 'FloatStorage'): Uint8Array =>
    zipSync({ 'archive/data.pkl': strToU8(VIEWS(type)), ...files }, { level: 0 });
  const numbers = new Uint8Array(Float32Array.of(0, 1, 2, 3, 4, 5).buffer);

  test('give views of a shared storage their own numbers', () => {
    const [all, last] = readTorch(archive({ 'archive/data/0': numbers })) as PickleValue as TorchTensor[];
    expect(all.shape).toEqual([3, 2]);
    expect(all.numbers()).toEqual(Float32Array.of(0, 3, 1, 4, 2, 5));
    expect(last.numbers()).toEqual(Float32Array.of(4, 5));
    expect(all.storage).toBe(last.storage);
  });

  test('say in which order their bytes stand', () => {
    const swapped = numbers.slice();
    for (let i = 0; i < 24; i += 4) swapped.subarray(i, i + 4).reverse();
    const files = { 'archive/data/0': swapped, 'archive/byteorder': strToU8('big') };
    const [all] = readTorch(archive(files)) as PickleValue as TorchTensor[];
    expect(all.numbers()).toEqual(Float32Array.of(0, 3, 1, 4, 2, 5));
  });

  test('hold brain floats and integers', () => {
    const bfloat = Uint16Array.of(0, 0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0);
    const [, last] = readTorch(
      archive({ 'archive/data/0': new Uint8Array(bfloat.buffer) }, 'BFloat16Storage'),
    ) as PickleValue as TorchTensor[];
    expect(last.numbers()).toEqual(Float32Array.of(4, 5));
    const longs = new Uint8Array(BigInt64Array.of(0n, 1n, 2n, 3n, 4n, -5n).buffer);
    const [, tail] = readTorch(archive({ 'archive/data/0': longs }, 'LongStorage')) as PickleValue as TorchTensor[];
    expect(tail.numbers()).toEqual(BigInt64Array.of(4n, -5n));
  });

  test('of the older kind are read: pickles in a row, then storages', () => {
    const head = 'L119547037146038801333356L\n.I1001\n.}.';
    const size = Buffer.alloc(8);
    size.writeUInt8(6);
    const file = Buffer.concat([Buffer.from(`${head}${VIEWS('FloatStorage')}(S'0'\nl.`, 'latin1'), size, numbers]);
    const [all] = readTorch(file) as PickleValue as TorchTensor[];
    expect(all.numbers()).toEqual(Float32Array.of(0, 3, 1, 4, 2, 5));
    for (let end = 0; end < file.length; end += 7) expect(() => readTorch(file.subarray(0, end))).toThrow(DataError);
  });

  test('without a storage, with a short one, or of something else are refused', () => {
    expect(() => readTorch(archive({}))).toThrow(/storage data\/0/);
    expect(() => readTorch(archive({ 'archive/data/0': numbers.subarray(4) }))).toThrow(DataError);
    expect(() => readTorch(zipSync({ 'a.txt': strToU8('a') }))).toThrow(/data.pkl/);
    expect(() => readTorch(strToU8('N.'))).toThrow(DataError);
  });

  test('refuse to unfold a stride of zero without end', () => {
    const storage = "((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nI6\ntQ";
    const text = `ctorch._utils\n_rebuild_tensor_v2\n${storage}I0\n(I1000000\nI1000000\nt(I0\nI0\ntI00\nNtR.`;
    const tensor = readTorch(zipSync({ 'a/data.pkl': strToU8(text), 'a/data/0': numbers })) as TorchTensor;
    expect(() => tensor.numbers()).toThrow(DataError);
  });
});

const AUTOGO = ['upstream', 'Ascend-Research', 'AutoGO', 'dc5116038e35a06ad6b38d3084f2ae689cc39cc2'];

describeShared('published files', () => {
  const graphs = readdirSync(shared('goldens', 'cg')).filter((name) => name.endsWith('.json'));

  test.each(graphs)('the pickle of %s holds it as records of classes that are not here', (name) => {
    const file = `${name.slice(0, -'.json'.length).split('__').join('/')}.pkl`;
    const graph = readPickle(readFileSync(shared(...AUTOGO, 'architectures', file))) as InertRecord;
    const golden = JSON.parse(readFileSync(shared('goldens', 'cg', name), 'utf8'));
    expect(graph.class).toBe('model_src.comp_graph.tf_comp_graph.ComputeGraph');
    expect(pickleField(graph, 'name')).toBe(golden.name);
    expect(pickleField(graph, 'edge_pairs')).toEqual(golden.edge_pairs);
    for (const kind of ['regular_nodes', 'weighted_nodes']) {
      const nodes = pickleField(graph, kind) as InertRecord[];
      expect(nodes.map((node) => pickleField(node, 'str_id'))).toEqual(golden[kind].map((n: { str_id: string }) => n.str_id));
      expect(nodes.map((node) => pickleField(node, 'resolution'))).toEqual(
        golden[kind].map((n: { resolution: number[] }) => n.resolution),
      );
    }
  });

  test.each(graphs)('importModel reads the pickle of %s as it reads the JSON', (name) => {
    const file = `${name.slice(0, -'.json'.length).split('__').join('/')}.pkl`;
    const { graph, coverage } = importBytes(readFileSync(shared(...AUTOGO, 'architectures', file)), { name });
    expect(coverage).toBe(1);
    expect(writeCg(graph)).toEqual(writeCg(importBytes(readFileSync(shared('goldens', 'cg', name)), { name }).graph));
  });

  test('the checkpoint of the k-GNN holds the numbers that its JSON copy holds', () => {
    const checkpoint = readTorch(readFileSync(shared(...AUTOGO, 'saved_models', 'gnn_chkpt.pt')));
    const model = pickleField(checkpoint, 'model') as Map<string, TorchTensor>;
    const golden = JSON.parse(readFileSync(shared('goldens', 'kgnn', 'kgnn_weights.json'), 'utf8')) as Record<
      string,
      { readonly shape: number[]; readonly data: number[] }
    >;
    expect([...model.keys()].sort()).toEqual(Object.keys(golden).sort());
    let count = 0;
    for (const [name, tensor] of model) {
      expect(tensor.shape).toEqual(golden[name].shape);
      expect(tensor.numbers()).toEqual(Float32Array.from(golden[name].data));
      count += tensor.size;
    }
    expect(count).toBe(24287);
  });
});
