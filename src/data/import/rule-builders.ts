import type { Activation } from '../../core/ir/compute-graph.js';
import { type Call, type Meaning, NAMED, type Rule, type Rules, type Tensor } from './meaning.js';
import * as shapes from './shape-rules.js';

/** What the tables of operations are written with, whichever framework's operations they are. */

/** A rule about the first input; without one nothing is known. */
export function onFirst(rule: (x: Tensor, call: Call) => Meaning | null): Rule {
  return (call) => (call.inputs[0] ? rule(call.inputs[0], call) : null);
}

/** Inputs without the optional ones that were left out. */
export function present(inputs: Call['inputs']): Tensor[] {
  return inputs.filter((input) => input !== null);
}

/** Operations that mean the same. */
export function alias(names: readonly string[], rule: Rule): Rules {
  return Object.fromEntries(names.map((name) => [name, rule]));
}

export function activations(names: Readonly<Record<string, Activation>>): Rules {
  return Object.fromEntries(Object.entries(names).map(([op, name]) => [op, onFirst((x) => shapes.activation(x, name))]));
}

/** Operations that keep the shape and whose values nobody needs. */
export function same(names: readonly string[]): Rules {
  return alias(
    names,
    onFirst((x) => shapes.unchanged(x)),
  );
}

/** Functions of one value that shapes are counted with. */
export function counted(functions: Readonly<Record<string, (value: number) => number>>): Rules {
  return Object.fromEntries(Object.entries(functions).map(([op, f]) => [op, onFirst((x) => shapes.elementwise([x], NAMED, f))]));
}
