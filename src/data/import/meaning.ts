import type { AtomicOp, OpOf } from '../../core/ir/compute-graph.js';
import type { Constant } from './constant.js';
import type { SourceNode } from './source-network.js';

/** A tensor as it is known while a network is read. */
export interface Tensor extends Constant {
  /** Whether it is the same for every input of the network. */
  readonly constant: boolean;
}

/** What a node of a file does, in the file's own layout. */
export interface Meaning {
  readonly outputs: readonly Outcome[];
  /** One after another, mostly one: the operations that stand for the node in the graph. */
  readonly ops: readonly Sketch[];
  /**
   * What follows for the layout of images: the node works on height and width (`spatial`), leaves axes where they are
   * (`carried`), works on axes by their place (`plain`), or makes a tensor of its own layout (`free`).
   */
  readonly layout: 'spatial' | 'carried' | 'plain' | 'free';
}

export interface Outcome {
  readonly shape: readonly number[];
  readonly kind?: Constant['kind'];
  /** Where the values follow from constants. */
  readonly values?: readonly number[] | null;
  /** Where it is a constant though an input is not: a shape is. */
  readonly constant?: boolean;
}

/** An operation before the layout is settled. */
export type Sketch =
  | Exclude<AtomicOp, OpOf<'concat' | 'reshape' | 'resize' | 'opaque' | 'input' | 'output' | 'zero'>>
  /** Along an axis of the file's layout. */
  | { readonly type: 'concat-along'; readonly axis: number }
  /** Into the shape that comes out. */
  | { readonly type: 'reshaped' | 'resized' }
  /** An operation outside of the vocabulary, by its own name. `heavy` where it multiplies, which is then not counted. */
  | { readonly type: 'named'; readonly heavy: boolean };

/** A node and what is known of its inputs. */
export interface Call {
  readonly node: SourceNode;
  /** Null where an input is left out. */
  readonly inputs: readonly (Tensor | null)[];
  /** Version of the operations of its domain; 0 where formats have none. */
  readonly version: number;
  readonly channelsFirst: boolean;
}

/** Null where the inputs do not tell what comes out. */
export type Rule = (call: Call) => Meaning | null;

export type Rules = Readonly<Record<string, Rule>>;

export const NAMED: Sketch = { type: 'named', heavy: false };
export const HEAVY: Sketch = { type: 'named', heavy: true };

/** One output of this shape. */
export function gives(
  shape: readonly number[],
  op: Sketch,
  layout: Meaning['layout'],
  more: Omit<Outcome, 'shape'> = {},
): Meaning {
  return { outputs: [{ shape, ...more }], ops: [op], layout };
}

/** The axis counted from the front; null where there is none such. */
export function axisOf(axis: number, rank: number): number | null {
  const counted = axis < 0 ? axis + rank : axis;
  return Number.isInteger(counted) && counted >= 0 && counted < rank ? counted : null;
}

/** The same for several; null where one is missing. */
export function axesOf(axes: readonly number[], rank: number): number[] | null {
  const counted = axes.map((axis) => axisOf(axis, rank));
  return counted.every((axis) => axis !== null) ? counted : null;
}

export function volumeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
