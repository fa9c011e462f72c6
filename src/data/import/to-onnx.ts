import { UnsupportedError } from '../../core/base/errors.js';
import type { ComputeGraph, ComputeNode, Extent, Padding, TensorShape } from '../../core/ir/compute-graph.js';
import { inferShapes } from '../../core/ir/shapes.js';
import { WireWriter } from './wire-writer.js';

const OPSET = 17;
const FLOAT = 1;
const INT64 = 7;

/**
 * A computation graph as an ONNX file (opset 17) without its weights' numbers: their shapes alone, as benchmark files
 * of latencies have it. `importModel` gives the same graph back; other programs read its topology and shapes.
 * @throws UnsupportedError for what ONNX has no operation for (space-to-batch, opaque nodes, nodes that read a slice).
 */
export function toOnnx(graph: ComputeGraph): Uint8Array {
  const { in: seen, out } = inferShapes(graph);
  const body = new WireWriter().text(2, graph.name);
  // An output is a name for what comes before it.
  const tensor = (node: number): string => `t${node}`;
  graph.nodes.forEach((node, i) => {
    if (node.reads !== null) throw cannot(`a node that reads a slice (${node.name})`);
    const layout = [1, ...channelsFirst(out[i])];
    if (node.op.type === 'input') body.message(11, valueInfo(tensor(i), layout));
    else if (node.op.type === 'output') body.message(12, valueInfo(tensor(node.inputs[0]), layout));
    else new NodeWriter(node, i, tensor, body).write(body, seen[i], out[i]);
  });
  const opset = new WireWriter().text(1, '').int(2, OPSET);
  return new WireWriter().int(1, 8).text(2, 'nascope').message(7, body).message(8, opset).finish();
}

/** One node and the weights that belong to it. */
class NodeWriter {
  private readonly writer = new WireWriter();
  private readonly attributes: WireWriter[] = [];
  private weightCount = 0;

  constructor(
    private readonly node: ComputeNode,
    private readonly place: number,
    private readonly tensor: (node: number) => string,
    private readonly weights: WireWriter,
  ) {}

  write(body: WireWriter, input: TensorShape, output: TensorShape): void {
    const { op, inputs, name } = this.node;
    for (const from of inputs) this.writer.text(1, this.tensor(from));
    const kind = this.operation(input, output);
    this.writer.text(2, this.tensor(this.place)).text(3, name).text(4, kind);
    for (const attribute of this.attributes) this.writer.message(5, attribute);
    if (inputs.length === 0) throw cannot(`${op.type} without an input`);
    body.message(1, this.writer);
  }

  /** Writes weights and attributes; gives ONNX's name of the operation. */
  private operation(input: TensorShape, output: TensorShape): string {
    const { op, inputs } = this.node;
    const channels = input[input.length - 1];
    switch (op.type) {
      case 'conv2d':
      case 'depthwise': {
        const groups = op.type === 'conv2d' ? op.groups : channels;
        const filters = op.type === 'conv2d' ? op.filters : channels * op.multiplier;
        this.weight([filters, channels / groups, ...op.kernel]);
        if (op.bias) this.weight([filters]);
        this.window(op.kernel, op.stride, op.padding);
        this.ints('dilations', op.dilation).int('group', groups);
        return 'Conv';
      }
      case 'dense':
        if (input.length === 1) {
          this.weight([channels, op.units]);
          if (op.bias) this.weight([op.units]);
          return 'Gemm';
        }
        if (input.length > 2) throw cannot('a matrix product along the channels of an image');
        if (op.bias) throw cannot('a matrix product with bias along a sequence');
        this.weight([channels, op.units]);
        return 'MatMul';
      case 'matmul':
        return 'MatMul';
      case 'batchnorm':
        for (let i = 0; i < 4; i++) this.weight([channels]);
        return 'BatchNormalization';
      case 'activation':
        if (op.function === 'relu6') {
          this.constant([], [0], FLOAT).constant([], [6], FLOAT);
          return 'Clip';
        }
        return ACTIVATIONS[op.function];
      case 'pool':
        this.window(op.kernel, op.stride, op.padding);
        return op.mode === 'max' ? 'MaxPool' : 'AveragePool';
      case 'mean':
        if (op.keepDims) return 'GlobalAveragePool';
        this.ints('axes', [2, 3]).int('keepdims', 0);
        return 'ReduceMean';
      case 'global-pool':
        return 'GlobalMaxPool';
      case 'add':
        return inputs.length === 2 ? 'Add' : 'Sum';
      case 'mul':
        if (inputs.length !== 2) throw cannot(`a product of ${inputs.length} inputs`);
        return 'Mul';
      case 'concat':
        this.int('axis', output.length === 3 ? (op.axis === 2 ? 1 : op.axis + 2) : op.axis + 1);
        return 'Concat';
      case 'identity':
        return 'Identity';
      case 'reshape':
        this.constant([output.length + 1], [1, ...channelsFirst(output)], INT64);
        return 'Reshape';
      case 'pad': {
        const [top, bottom, left, right] = op.margins;
        this.constant([8], [0, 0, top, left, 0, 0, bottom, right], INT64);
        return 'Pad';
      }
      case 'depth-to-space':
      case 'space-to-depth':
        this.int('blocksize', op.block);
        return op.type === 'depth-to-space' ? 'DepthToSpace' : 'SpaceToDepth';
      case 'resize':
        this.writer.text(1, '').text(1, '');
        this.constant([4], [1, channels, ...op.size], INT64);
        return 'Resize';
      default:
        throw cannot(op.type === 'opaque' ? op.label : op.type);
    }
  }

  private window(kernel: Extent, stride: Extent, padding: Padding): void {
    this.ints('kernel_shape', kernel).ints('strides', stride);
    if (padding === 'same' || padding === 'valid') this.texted('auto_pad', padding === 'same' ? 'SAME_UPPER' : 'VALID');
    else this.ints('pads', [padding[0], padding[2], padding[1], padding[3]]);
  }

  private weight(shape: readonly number[]): this {
    return this.constant(shape, [], FLOAT);
  }

  /** An initializer, and the node's next input. */
  private constant(shape: readonly number[], values: readonly number[], type: number): this {
    const name = `w${this.place}_${this.weightCount++}`;
    const tensor = new WireWriter();
    for (const extent of shape) tensor.int(1, extent);
    tensor.int(2, type).text(8, name);
    for (const value of values) type === FLOAT ? tensor.float(4, value) : tensor.int(7, value);
    this.weights.message(5, tensor);
    this.writer.text(1, name);
    return this;
  }

  private int(name: string, value: number): this {
    this.attributes.push(new WireWriter().text(1, name).int(3, value).int(20, 2));
    return this;
  }

  private ints(name: string, values: readonly number[]): this {
    const attribute = new WireWriter().text(1, name);
    for (const value of values) attribute.int(8, value);
    this.attributes.push(attribute.int(20, 7));
    return this;
  }

  private texted(name: string, value: string): void {
    this.attributes.push(new WireWriter().text(1, name).text(4, value).int(20, 3));
  }
}

const ACTIVATIONS = { relu: 'Relu', sigmoid: 'Sigmoid', tanh: 'Tanh', gelu: 'Gelu', swish: 'Swish' } as const;

function channelsFirst(shape: TensorShape): TensorShape {
  return shape.length === 3 ? [shape[2], shape[0], shape[1]] : shape;
}

function valueInfo(name: string, shape: readonly number[]): WireWriter {
  const extents = new WireWriter();
  for (const extent of shape) extents.message(1, new WireWriter().int(1, extent));
  const type = new WireWriter().message(1, new WireWriter().int(1, FLOAT).message(2, extents));
  return new WireWriter().text(1, name).message(2, type);
}

function cannot(what: string): UnsupportedError {
  return new UnsupportedError(`Writing ${what} to ONNX`, 'The computation graph itself can be written: writeCg.');
}
