import type { Rng } from '../../core/base/rng.js';
import type { ComputeNode } from '../../core/ir/compute-graph.js';
import { volume } from '../../core/ir/shapes.js';
import { fillGaussian } from '../exact-math.js';
import type { Arena } from './arena.js';
import type { Parameter, ParameterKind } from './network.js';

/** A parameter before there is memory for it. */
export interface ParameterPlan {
  readonly node: number;
  readonly kind: ParameterKind;
  readonly shape: readonly number[];
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Where its values and its gradients stand, in bytes. */
export interface ParameterPlace {
  readonly value: number;
  readonly gradient: number;
}

/** Values, gradients and speeds (of Nesterov): three blocks of one form, so that a step is one pass over them. */
export interface ParameterLayout {
  readonly each: readonly ParameterPlace[];
  readonly values: number;
  readonly gradients: number;
  readonly speeds: number;
  /** Numbers in a block, gaps between parameters counted. */
  readonly count: number;
}

export function layOutParameters(arena: Arena, plans: readonly ParameterPlan[]): ParameterLayout {
  const offsets: number[] = [];
  let count = 0;
  for (const { shape } of plans) {
    offsets.push(count * 4);
    count += Math.ceil(volume(shape) / 4) * 4;
  }
  const [values, gradients, speeds] = [0, 1, 2].map(() => arena.keep(count * 4));
  const each = offsets.map((offset) => ({ value: values + offset, gradient: gradients + offset }));
  return { each, values, gradients, speeds, count };
}

/** What a node learns, when it sees `channels` of input. */
export function parametersOf(index: number, node: ComputeNode, channels: number): readonly ParameterPlan[] {
  const { op } = node;
  if (op.type === 'conv2d') {
    const [inputs, outputs] = [channels / op.groups, op.filters / op.groups];
    return kernel(index, 'conv', op.kernel, op.groups, inputs, outputs, op.bias);
  }
  if (op.type === 'depthwise') {
    return kernel(index, op.multiplier === 1 ? 'depthwise' : 'conv', op.kernel, channels, 1, op.multiplier, op.bias);
  }
  if (op.type === 'dense') {
    const weights = plan(index, 'dense', [channels, op.units], channels, op.units);
    return op.bias ? [weights, plan(index, 'bias', [op.units])] : [weights];
  }
  if (op.type === 'batchnorm') return [plan(index, 'scale', [channels]), plan(index, 'shift', [channels])];
  return [];
}

function kernel(
  node: number,
  kind: 'conv' | 'depthwise',
  [kh, kw]: readonly [number, number],
  groups: number,
  inputs: number,
  outputs: number,
  bias: boolean,
): readonly ParameterPlan[] {
  const shape = kind === 'depthwise' ? [kh, kw, groups, outputs] : [groups, kh, kw, inputs, outputs];
  const weights = plan(node, kind, shape, kh * kw * inputs, kh * kw * outputs);
  return bias ? [weights, plan(node, 'bias', [groups * outputs])] : [weights];
}

function plan(node: number, kind: ParameterKind, shape: readonly number[], fanIn = 1, fanOut = 1): ParameterPlan {
  return { node, kind, shape, fanIn, fanOut };
}

/** Kernels N(0, 2 / fan out) (He et al. 2015), dense N(0, 1 / fan in), scales 1, all else 0. */
export function heInit(parameter: Parameter, rng: Rng): void {
  const { kind, value, fanIn, fanOut } = parameter;
  if (kind === 'conv' || kind === 'depthwise') fillGaussian(value, rng, Math.sqrt(2 / fanOut));
  else if (kind === 'dense') fillGaussian(value, rng, Math.sqrt(1 / fanIn));
  else value.fill(kind === 'scale' ? 1 : 0);
}
