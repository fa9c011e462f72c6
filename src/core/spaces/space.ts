import type { Rng } from '../base/rng.js';
import type { CellGraph, Vocabulary } from '../ir/cell-graph.js';

declare const space: unique symbol;

/**
 * A parsed architecture of a search space: its NASLib text, branded. Only a space's `parse`, `sample`, `all`,
 * `neighbours` and `canonical` make one, so a raw string is never mistaken for an architecture.
 * As a string it is a map key, a JSON value and a table cell.
 */
export type ArchId<Id extends string = string> = string & { readonly [space]: Id };

/** A text form in which architectures of a space are published. `parse` tells them apart by itself. */
export interface Encoding {
  readonly id: string;
  readonly says: string;
  readonly example: string;
}

export interface SearchSpace<Id extends string = string, Graph extends CellGraph = CellGraph> {
  readonly id: Id;
  readonly title: string;
  /** Paper and year, arXiv number. */
  readonly cite: string;
  readonly vocabulary: Vocabulary;
  /** How many architectures there are (as encoded, isomorphic ones counted apart); Infinity is not used: null = not counted. */
  readonly size: number | null;
  /** The text forms that `parse` reads; the first is the form of `ArchId` itself. */
  readonly encodings: readonly Encoding[];
  /** Any upstream encoding -> architecture. @throws ParseError saying where and what was expected. */
  parse(text: string): ArchId<Id>;
  /** The space's official text form; `parse(format(a)) === a`. */
  format(arch: ArchId<Id>): string;
  toGraph(arch: ArchId<Id>): Graph;
  /** One architecture, uniform over the encoding (the space's file says over what). */
  sample(rng: Rng): ArchId<Id>;
  /** All architectures in the reference's order, where they are few enough to be listed; else null. */
  readonly all: (() => Iterable<ArchId<Id>>) | null;
  /** Every architecture one edit away (one operation, or one edge), each once, itself excluded. */
  neighbours(arch: ArchId<Id>): ArchId<Id>[];
  /** The reference's cleaned form: zeroed (NB201, TransNAS-micro), pruned (NB101), itself elsewhere. An arch is *valid* iff equal to it. */
  canonical(arch: ArchId<Id>): ArchId<Id>;
  /** Equal for architectures that compute the same function by the space's published rule; its docstring says which rule. */
  identity(arch: ArchId<Id>): string;
}

/** Whether an architecture is in the reference's cleaned form. */
export function isValid<Id extends string>(space: SearchSpace<Id>, arch: ArchId<Id>): boolean {
  return space.canonical(arch) === arch;
}
