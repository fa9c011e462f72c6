import type { ComputeNode, OpType, TensorShape } from '../../../core/ir/compute-graph.js';
import type { Tape, Value } from '../tape.js';

/** One node as the lowering functions see it. */
export interface Lowering<Op = ComputeNode['op']> {
  readonly tape: Tape;
  readonly index: number;
  readonly op: Op;
  readonly inputs: readonly Value[];
  readonly shape: TensorShape;
  /** Names the node in errors. */
  readonly where: string;
}

/** The way there is laid out; `back` lays out the way back, once the gradient of `value` is complete. */
export interface Lowered {
  readonly value: Value;
  readonly back: () => void;
}

export type LoweringOf<T extends OpType> = Lowering<Extract<ComputeNode['op'], { type: T }>>;

export function nothing(): void {}
