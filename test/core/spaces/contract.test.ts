import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../../src/core/base/errors.js';
import { rng } from '../../../src/core/base/rng.js';
import { edgePairs } from '../../../src/core/ir/adjacency.js';
import type { CellGraph, EdgeGraph, NodeGraph } from '../../../src/core/ir/cell-graph.js';
import { paths } from '../../../src/core/ir/paths.js';
import { spaces } from '../../../src/core/spaces/index.js';
import { type ArchId, isValid, type SearchSpace } from '../../../src/core/spaces/space.js';

/** Ten times what any space reads: an algorithm that looks at a text more than once, or again from each place, would show. */
const far = 100_000;
const huge = ['(', '[', '{', '"', ' ', '0', '1', '|', '1,', "{'a':", 'a(', '64-', '_', '-', '\\'].map((s) => s.repeat(far));
/** Any UTF-16 unit, lone surrogates too; fast-check's own `binary` takes seconds to list all characters first. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
const deep = ['(', '[', "{'a':", 'a(b='].map((s) => s.repeat(1500));
const long = ['0'.repeat(8000), 'a'.repeat(8000), `(${'0, '.repeat(2600)}0)`, ' '.repeat(8000), `"${'a'.repeat(8000)}`];

for (const [id, space] of Object.entries(spaces)) describe(id, () => spaceContract(id, space));

/** What every search space promises; a new one is tested by its line in the registry. */
function spaceContract(id: string, space: SearchSpace): void {
  const archs = samples(space, 60);

  it('is registered under its own id and counts as many architectures as it says', () => {
    expect(space.id).toBe(id);
    expect(space.cite).toMatch(/arXiv \d{4}\.\d{5}/);
    if (space.all !== null) {
      const all = [...space.all()];
      expect(all.length).toBe(space.size);
      expect(new Set(all).size).toBe(space.size);
      expect(space.parse(all[all.length - 1])).toBe(all[all.length - 1]);
    } else {
      expect(space.size === null || space.size > 1e6).toBe(true);
    }
  });

  it('reads the example of each encoding, and writes one of them', () => {
    for (const encoding of space.encodings) {
      const arch = space.parse(encoding.example);
      expect(space.parse(arch)).toBe(arch);
      expect(space.parse(`\n  ${encoding.example} \t`)).toBe(arch);
    }
    expect(space.parse(space.encodings[0].example)).toBe(space.encodings[0].example);
    const official = space.encodings.filter(({ example }) => space.format(space.parse(example)) === example);
    expect(official.length).toBe(1);
  });

  it('reads what it writes: parse and format are inverse, in any spacing', () => {
    for (const arch of archs) {
      expect(space.parse(space.format(arch))).toBe(arch);
      expect(space.parse(arch)).toBe(arch);
      expect(space.parse(arch.replaceAll(' ', ''))).toBe(arch);
    }
  });

  it('draws architectures of the space, the same ones from the same seed', () => {
    expect(samples(space, 60)).toEqual(archs);
    expect(new Set(archs).size).toBeGreaterThan(50);
    if (space.all !== null) {
      const all = new Set(space.all());
      expect(archs.filter((arch) => !all.has(arch))).toEqual([]);
    }
  });

  it('gives graphs that are plain data, without cycles, in the words of the vocabulary', () => {
    for (const arch of archs) {
      const graph = space.toGraph(arch);
      expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
      expect(space.toGraph(arch)).toEqual(graph);
      expect([graph.space, graph.vocabulary]).toEqual([id, space.vocabulary]);
      checkGraph(graph);
    }
  });

  it('gives different architectures different graphs', () => {
    const different = [...new Set(archs)];
    expect(new Set(different.map((arch) => JSON.stringify(space.toGraph(arch)))).size).toBe(different.length);
  });

  it('has neighbours one edit away: distinct, of the space, and mutual', () => {
    for (const arch of archs) {
      const neighbours = space.neighbours(arch);
      expect(new Set([...neighbours, arch]).size).toBe(neighbours.length + 1);
      for (const neighbour of neighbours.slice(0, 12)) {
        expect(space.parse(neighbour)).toBe(neighbour);
        expect(space.neighbours(neighbour)).toContain(arch);
      }
    }
  });

  it('cleans once: the canonical form is its own, and an architecture is valid when it is that', () => {
    for (const arch of archs) {
      const clean = space.canonical(arch);
      expect(space.canonical(clean)).toBe(clean);
      expect(space.parse(clean)).toBe(clean);
      expect([isValid(space, clean), isValid(space, arch)]).toEqual([true, clean === arch]);
    }
  });

  it('refuses damaged text with a ParseError that points into it', () => {
    const examples = space.encodings.map(({ example }) => example);
    fc.assert(
      fc.property(damaged(examples), (text) => {
        readsOrRefuses(space, text);
      }),
      { numRuns: 1500, seed: 1 },
    );
  });

  it('refuses text of any other kind, and at once however long it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyUnit, maxLength: 80 }), (text) => {
        readsOrRefuses(space, text);
      }),
      { numRuns: 500, seed: 2 },
    );
    for (const text of [...huge, ...deep, ...long, '', ' ', '()', '[]', '{}'])
      expect(() => space.parse(text)).toThrow(ParseError);
    // A cell of a notebook is not always type-checked.
    for (const value of [undefined, null, 403143, {}]) expect(() => space.parse(value as never)).toThrow(ParseError);
  });
}

function samples(space: SearchSpace, count: number): ArchId[] {
  const stream = rng(7).fork(space.id);
  return Array.from({ length: count }, () => space.sample(stream));
}

function checkGraph(graph: CellGraph): void {
  const { markers, ops } = graph.vocabulary;
  if (graph.kind === 'cell-stack') {
    for (const cell of graph.cells) checkGraph(cell.graph);
  } else if (graph.kind === 'sequence') {
    expect(graph.blocks.length).toBeLessThanOrEqual(graph.maxLength);
    expect(graph.blocks.filter((block) => !ops.includes(block))).toEqual([]);
    expect(Object.keys(graph.properties)).toEqual(ops);
  } else {
    const used = graph.kind === 'edge-ops' ? graph.edges.map((edge) => edge.op) : graph.nodes;
    expect(used.filter((op) => !ops.includes(op) && !markers.includes(op))).toEqual([]);
    checkEdges(graph);
  }
}

function checkEdges(graph: EdgeGraph | NodeGraph): void {
  const pairs = edgePairs(graph);
  expect(pairs.filter(([from, to]) => from >= to)).toEqual([]);
  expect(new Set(pairs.map(String)).size).toBe(pairs.length);
  const [path] = paths(graph);
  expect(path.length).toBeGreaterThan(0);
  if (graph.kind === 'edge-ops') expect(graph.nodeNames.length).toBe(graph.nodeCount);
}

function readsOrRefuses(space: SearchSpace, text: string): void {
  let arch: ArchId;
  try {
    arch = space.parse(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    expect(error.what).toBe(space.id);
    expect(error.text).toBe(text);
    expect(error.at).toBeGreaterThanOrEqual(0);
    expect(error.at).toBeLessThanOrEqual(text.length);
    expect(error.expected).not.toBe('');
    return;
  }
  expect(space.parse(space.format(arch))).toBe(arch);
  checkGraph(space.toGraph(arch));
}

/** An example with a few characters removed, repeated, replaced or put in. */
function damaged(examples: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(),
    cut: fc.integer({ min: 0, max: 3 }),
    put: fc.oneof(
      fc.constantFrom(
        '',
        '0',
        '1',
        '2',
        '3',
        '6',
        '9',
        '-1',
        '1.5',
        '1e3',
        'NaN',
        'None',
        'True',
        ',',
        ' ',
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
      ),
      fc.constantFrom('|', '~', '+', '_', '-', "'", '"', ':', '=', '\\', '\u0000', 'é', 'none', 'input', 'conv', 'range(2, 6)'),
    ),
  });
  return fc.tuple(fc.constantFrom(...examples), fc.array(edit, { minLength: 1, maxLength: 3 })).map(([example, edits]) =>
    edits.reduce((text, { at, cut, put }) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + cut);
    }, example),
  );
}
