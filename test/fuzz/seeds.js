// What mutations start from: small networks and pickles of our own, and the reference material where it lies beside.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strToU8, zipSync } from 'fflate';

const here = fileURLToPath(new URL('.', import.meta.url));
const shared = join(here, '..', '..', '..', 'shared');
/** Larger files take most of the time and teach nothing more. */
const MOST_BYTES = 300_000;

/** @returns {{ kind: 'onnx' | 'tfjs' | 'pickle', name: string, bytes: Uint8Array }[]} */
export function seeds() {
  const found = [
    seed('tfjs', 'dense layers', strToU8(JSON.stringify(LAYERS))),
    seed('tfjs', 'small graph', strToU8(JSON.stringify(GRAPH))),
    seed('onnx', 'one relu', Uint8Array.from(Buffer.from(RELU, 'hex'))),
    seed('pickle', 'os.system', Buffer.from("cos\nsystem\n(S'touch owned'\ntR.", 'latin1')),
    seed('pickle', 'torch archive', zipSync({ 'a/data.pkl': Buffer.from(TENSOR, 'latin1'), 'a/data/0': new Uint8Array(24) })),
  ];
  const literals = readFileSync(join(here, '..', 'data', 'import', 'pickle-bytes.ts'), 'utf8');
  for (const [, base64] of literals.matchAll(/'([A-Za-z0-9+/=]{200,})'/g)) {
    found.push(seed('pickle', `literal ${found.length}`, Buffer.from(base64, 'base64')));
  }
  if (existsSync(shared)) {
    for (const name of readdirSync(join(shared, 'models'))) {
      const path = join(shared, 'models', name);
      if (statSync(path).size <= MOST_BYTES) found.push(seed(name.endsWith('.onnx') ? 'onnx' : 'tfjs', name, readFileSync(path)));
    }
    const autogo = join(shared, 'upstream', 'Ascend-Research', 'AutoGO');
    for (const name of readdirSync(autogo, { recursive: true })) {
      if (/\.(pkl|pt)$/.test(name))
        found.push(seed('pickle', name.split('/').slice(-2).join('/'), readFileSync(join(autogo, name))));
    }
  }
  return found;
}

function seed(kind, name, bytes) {
  return { kind, name, bytes: new Uint8Array(bytes) };
}

/** ModelProto { ir_version 8, graph { node { Relu x -> y }, name g, input x 1x3, output y }, opset 13 }. */
const RELU =
  '0808' +
  '3a33' +
  '0a0c' +
  '0a0178' +
  '120179' +
  '220452656c75' +
  '120167' +
  '5a0f' +
  '0a0178' +
  '120a' +
  '0a08' +
  '0801' +
  '1204' +
  '0a02' +
  '0803' +
  '620f' +
  '0a0179' +
  '120a' +
  '0a08' +
  '0801' +
  '1204' +
  '0a02' +
  '0803' +
  '4204' +
  '0a00' +
  '100d';

const LAYERS = {
  format: 'layers-model',
  modelTopology: {
    keras_version: '2.15.0',
    model_config: {
      class_name: 'Sequential',
      config: {
        name: 's',
        layers: [
          {
            class_name: 'Conv2D',
            config: {
              name: 'c',
              batch_input_shape: [null, 8, 8, 3],
              filters: 4,
              kernel_size: [3, 3],
              strides: [1, 1],
              padding: 'same',
              activation: 'relu',
              use_bias: true,
            },
          },
          { class_name: 'Flatten', config: { name: 'f' } },
          { class_name: 'Dense', config: { name: 'd', units: 10, activation: 'softmax', use_bias: true } },
        ],
      },
    },
  },
  weightsManifest: [],
};

const node = (name, op, input, attr = {}) => ({ name, op, input, attr });
const shapeOf = (...size) => ({ shape: { shape: { dim: size.map((s) => ({ size: String(s) })) } } });
const GRAPH = {
  format: 'graph-model',
  modelTopology: {
    node: [
      node('x', 'Placeholder', [], { dtype: { type: 'DT_FLOAT' }, ...shapeOf(-1, 8, 8, 3) }),
      node('w', 'Const', [], {
        dtype: { type: 'DT_FLOAT' },
        value: { tensor: { dtype: 'DT_FLOAT', tensorShape: { dim: [3, 3, 3, 4].map((s) => ({ size: String(s) })) } } },
      }),
      node('c', 'Conv2D', ['x', 'w'], {
        strides: { list: { i: ['1', '1', '1', '1'] } },
        padding: { s: 'U0FNRQ==' },
        data_format: { s: 'TkhXQw==' },
      }),
      node('r', 'Relu', ['c']),
      node('a', 'AddV2', ['r', 'c']),
    ],
    versions: { producer: 440 },
  },
  weightsManifest: [{ paths: ['a.bin'], weights: [{ name: 'w', shape: [3, 3, 3, 4], dtype: 'float32' }] }],
};

const TENSOR =
  "(ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\nFloatStorage\nS'0'\nS'cpu'\nI6\ntQI0\n(I3\nI2\nt(I1\nI3\ntI00\nccollections\nOrderedDict\n)RtRt.";
