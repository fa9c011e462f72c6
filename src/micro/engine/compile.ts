import { ShapeError } from '../../core/base/errors.js';
import { checkRng } from '../../core/base/rng.js';
import type { ComputeGraph, ComputeNode } from '../../core/ir/compute-graph.js';
import { asImage, inferShapes, volume } from '../../core/ir/shapes.js';
import { Arena } from './arena.js';
import { type EngineMemory, engineMemory } from './engine-memory.js';
import { type LiveGraph, liveGraph } from './live.js';
import type { CompileOptions, Network } from './network.js';
import { lowerActivation } from './ops/activation.js';
import { lowerBatchnorm, type StatisticPlace } from './ops/batchnorm.js';
import { lowerAdd, lowerConcat, lowerMultiply } from './ops/combine.js';
import { lowerConv, marginsOf } from './ops/conv.js';
import { lowerDense } from './ops/dense.js';
import { lowerDepthwise } from './ops/depthwise.js';
import { type Lowered, type Lowering, nothing } from './ops/lowered.js';
import { lowerMean, lowerPool } from './ops/pool.js';
import { lowerBlocks, lowerPad, seen } from './ops/rearrange.js';
import { heInit, layOutParameters, parametersOf } from './parameters.js';
import { type FourMargins, NO_MARGINS, Tape, unsupported, type Value } from './tape.js';
import { TapedNetwork } from './taped-network.js';

/**
 * A computation graph as a network that can be trained: float32, pictures as [batch, height, width, channels]. Nodes that
 * do not reach the output are left out. Nothing in it depends on the machine or on what was compiled before.
 * @param memory where it lives; by default WebAssembly memory that `release` gives back.
 * @throws UnsupportedError naming the operation that the engine does not train, or when the network needs more memory than
 * there is. @throws ShapeError when the graph has not exactly one input and one output, or the batch is no whole number from 1
 * on. @throws DataError when the engine has not been built.
 */
export function compileNetwork(graph: ComputeGraph, options: CompileOptions, memory: EngineMemory = engineMemory()): Network {
  try {
    checkOptions(options);
    return layOut(graph, options, memory);
  } catch (error) {
    memory.release();
    throw error;
  }
}

function checkOptions({ rng, batch }: CompileOptions): void {
  checkRng('compileNetwork', rng);
  if (Number.isInteger(batch) && batch >= 1) return;
  throw new ShapeError({ argument: 'compileNetwork: batch', expected: 'a whole number of at least 1', got: String(batch) });
}

function layOut(graph: ComputeGraph, options: CompileOptions, memory: EngineMemory): Network {
  const keepAll = options.keep === 'all';
  const live = liveGraph(graph, { merge: !keepAll, bypassBatchnorm: options.batchnorm === 'bypass' });
  const shapes = inferShapes(graph);
  const arena = new Arena(memory);
  const plans = live.nodes.flatMap((i) => parametersOf(i, graph.nodes[i], channelsOf(shapes.in[i])));
  const places = layOutParameters(arena, plans);
  const tape = new Tape(memory.kernels, arena, options.batch, keepAll, live.takers, (node, kind) => {
    const found = plans.findIndex((plan) => plan.node === node && plan.kind === kind);
    return places.each[found];
  });

  const values = new Map<number, Value>();
  const statistics: StatisticPlace[] = [];
  const lowered: Lowered[] = [];
  const wanted = keepAll ? null : wantedMargins(graph, live);
  const left = live.takers.slice();
  /** Memory of what the way back does not need is free once its last taker has had it. */
  const forget = (sources: readonly number[]): void => {
    for (const source of sources) {
      left[source]--;
      const { at, count } = values.get(source) as Value;
      if (left[source] === 0 && live.passing[source] === 1) arena.give(at, count * 4);
    }
  };
  for (const index of live.nodes) {
    const node = graph.nodes[index];
    const where = `${graph.name}: ${node.name}`;
    const inputs = node.inputs.map((from) => {
      const value = values.get(live.source[from]) as Value;
      const reads = node.reads ?? shapes.out[from];
      if (reads.join() === value.shape.join()) return value;
      const view = seen(tape, value, reads, where);
      if (!('back' in view)) return view;
      lowered.push(view);
      return view.value;
    });
    if (index === live.input) {
      values.set(index, tape.value(index, shapes.out[index], options.inputGradient === true));
      continue;
    }
    const kept = inputs.filter((input) => graph.nodes[input.node].op.type !== 'zero');
    const low = lower(
      {
        tape,
        index,
        op: node.op,
        inputs: node.op.type === 'add' && kept.length > 0 ? kept : inputs,
        shape: shapes.out[index],
        where,
      },
      statistics,
      wanted?.get(index) ?? NO_MARGINS,
    );
    values.set(index, low.value);
    lowered.push(low);
    if (!keepAll) forget(node.inputs.map((from) => live.source[from]));
  }

  const output = values.get(live.source[live.output]) as Value;
  const outputGradient = tape.sink(output).at;
  const targets = arena.keep(output.count * 4);
  for (const low of lowered.reverse()) {
    if (low.value.gradient.buffer === null) continue;
    low.back();
    tape.done(low.value);
  }
  const bytes = arena.settle();
  for (const step of tape.ready) step();

  const network = new TapedNetwork({
    ...{ memory, tape, live, values, statistics, plans, places, output, outputGradient, targets, bytes },
    inputShape: shapes.out[live.input],
    outputShape: shapes.out[live.output],
    macs: live.nodes.reduce((sum, i) => sum + macsOf(graph.nodes[i], shapes.in[i], shapes.out[i]), 0),
  });
  const init = options.init ?? heInit;
  const rng = options.rng.fork('init');
  // By its place among the parameters: what is left out of a graph changes no one else's first weights.
  network.parameters.forEach((parameter, i) => {
    init(parameter, rng.fork(i));
  });
  return network;
}

function lower(node: Lowering, statistics: StatisticPlace[], margins: FourMargins): Lowered {
  const { op } = node;
  switch (op.type) {
    case 'conv2d':
      return lowerConv({ ...node, op });
    case 'depthwise':
      return lowerDepthwise({ ...node, op });
    case 'dense':
      return lowerDense({ ...node, op });
    case 'batchnorm':
      return lowerBatchnorm({ ...node, op }, statistics);
    case 'activation':
      return lowerActivation({ ...node, op }, margins);
    case 'pool':
      return lowerPool({ ...node, op });
    case 'mean':
    case 'global-pool':
      return lowerMean(node);
    case 'add':
      return lowerAdd(node);
    case 'mul':
      return lowerMultiply(node);
    case 'concat':
      return lowerConcat({ ...node, op });
    case 'pad':
      return lowerPad({ ...node, op });
    case 'depth-to-space':
    case 'space-to-depth':
      return lowerBlocks({ ...node, op });
    case 'zero':
      return { value: node.tape.value(node.index, op.shape, false, NO_MARGINS, true), back: nothing };
    default:
      throw unsupported(op.type === 'opaque' ? op.label : op.type, node.where);
  }
}

/** For each ReLU that only convolutions take, the border that all of them can do with. */
function wantedMargins(graph: ComputeGraph, live: LiveGraph): Map<number, FourMargins> {
  const shapes = inferShapes(graph);
  const margins = new Map<number, FourMargins>();
  for (const i of live.nodes) {
    const { op } = graph.nodes[i];
    if (op.type === 'activation' && op.function === 'relu') margins.set(i, NO_MARGINS);
  }
  margins.delete(live.source[live.output]);
  for (const i of live.nodes) {
    const node = graph.nodes[i];
    for (const from of node.inputs) {
      const source = live.source[from];
      const before = margins.get(source);
      if (before === undefined) continue;
      const whole = (node.reads ?? shapes.out[from]).join() === shapes.out[source].join();
      if (whole && (node.op.type === 'conv2d' || node.op.type === 'depthwise')) {
        const [height, width] = asImage(shapes.out[source]);
        const own = marginsOf(node.op.padding, node.op, [height, width]);
        margins.set(source, before.map((margin, side) => Math.max(margin, own[side])) as unknown as FourMargins);
      } else margins.delete(source);
    }
  }
  return margins;
}

function channelsOf(shape: readonly number[]): number {
  return asImage(shape)[2];
}

function macsOf({ op }: ComputeNode, from: readonly number[], to: readonly number[]): number {
  if (op.type === 'conv2d') return (volume(to) * op.kernel[0] * op.kernel[1] * channelsOf(from)) / op.groups;
  if (op.type === 'depthwise') return volume(to) * op.kernel[0] * op.kernel[1];
  return op.type === 'dense' ? volume(to) * channelsOf(from) : 0;
}
