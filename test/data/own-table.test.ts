import { table as arqueroTable } from 'arquero';
import { describe, expect, it } from 'vitest';
import { DataError, ParseError, ShapeError } from '../../src/core/base/errors.js';
import { nasbench201 } from '../../src/core/spaces/nasbench201.js';
import { benchmark } from '../../src/data/own-table.js';
import { tableBenchmark } from '../../src/data/table-benchmark.js';

const nets = ['(4, 0, 3, 1, 4, 3)', '|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|', '000000'];
const rows = nets.map((net, i) => ({ net, acc: 80 + i, ms: i === 1 ? null : i / 2 }));
const columns = { net: nets, acc: [80, 81, 82], ms: [0, null, 1] };
/** The shape of a danfo DataFrame. */
const danfo = { columns: ['net', 'acc', 'ms'], values: rows.map((r) => [r.net, r.acc, r.ms]), shape: [3, 3] };
const options = { space: 'nasbench201', arch: 'net', targets: ['acc', { name: 'ms', unit: 'ms', direction: 'lower' }] } as const;

describe('benchmark of an own table', () => {
  it.each([
    ['row objects', rows],
    ['columns', columns],
    ['a danfo frame', danfo],
    ['an arquero table', arqueroTable(columns)],
  ])('is the same from %s', (_, from) => {
    const bench = benchmark(from, options);
    expect(bench.archs).toEqual(nets.map((net) => nasbench201.parse(net)));
    expect([...bench.target()]).toEqual([80, 81, 82]);
    expect([...bench.column('ms')]).toEqual([0, Number.NaN, 1]);
    expect(bench.columns[1]).toMatchObject({ name: 'ms', unit: 'ms', direction: 'lower', role: 'target' });
    expect(bench.hash).toBe(benchmark(rows, options).hash);
    expect(bench.complete(['ms']).size).toBe(2);
    expect(bench.graphs[2]).toEqual(nasbench201.toGraph(nasbench201.parse('000000')));
  });

  it('takes a space itself, proxies, and repeated architectures', () => {
    const bench = benchmark([...rows, rows[0]], { space: nasbench201, arch: 'net', targets: ['acc'], proxies: ['ms'] });
    expect(bench.size).toBe(4);
    expect(bench.table('proxy').columns.map((c) => c.name)).toEqual(['ms']);
  });

  it('takes a column called like a role for itself, not for all columns of that role', () => {
    const own = benchmark(
      [0, 1].map((i) => ({ net: nets[i], target: i, other: i === 0 ? null : 1, proxy: i === 0 ? 1 : null, zen: 1 })),
      {
        space: 'nasbench201',
        arch: 'net',
        targets: ['target', 'other'],
        proxies: ['proxy', 'zen'],
      },
    );
    expect(own.complete(['target']).size).toBe(2);
    expect([...own.complete(['proxy']).column('target')]).toEqual([0]);
    expect(own.table('target').columns.map((c) => c.name)).toEqual(['target', 'other']);
    expect(() => own.complete(['embeddings'])).toThrow(DataError);
    expect(benchmark(rows, options).complete(['target']).size).toBe(2);
  });

  it('gives another hash for another number', () => {
    const other = benchmark({ ...columns, acc: [80, 81, 82.5] }, options);
    expect(other.hash).not.toBe(benchmark(columns, options).hash);
  });

  it('names the first bad rows, and counts the rest', () => {
    const bad = [
      { net: '(4, 0)', acc: 1 },
      { net: nets[0], acc: 'high' },
      { net: null, acc: 3 },
      { net: nets[0], acc: Number.POSITIVE_INFINITY },
      { net: nets[0], acc: true },
      { net: nets[0], acc: [7] },
      { net: nets[0], acc: '91.5' },
    ];
    const make = () => benchmark(bad, { space: 'nasbench201', arch: 'net', targets: ['acc'] });
    expect(make).toThrow(DataError);
    expect(make).toThrow(/6 bad cells: row 1: nasbench201.*; row 3: .*; row 2: acc is "high", not a number.*and 1 more/);
  });

  it('names the space that reads a column of another space', () => {
    const wrong = () =>
      benchmark({ net: [nets[1], nets[1]], acc: [1, 2] }, { ...options, space: 'transnas-micro', targets: ['acc'] });
    expect(wrong).toThrow(/texts that nasbench201 reads \(row 1: .*\)\. Set space: 'nasbench201'/);
    const nonsense = () => benchmark({ net: ['?', '!'], acc: [1, 2] }, { ...options, targets: ['acc'] });
    expect(nonsense).toThrow(/2 bad cells: row 1.*Mend or drop these rows/);
  });

  it('says which columns there are when one is missing', () => {
    expect(() => benchmark(rows, { ...options, arch: 'arch' })).toThrow(/a column "arch", got the columns net, acc, ms/);
    expect(() => benchmark(columns, { ...options, targets: ['toString'] })).toThrow(DataError);
    expect(() => benchmark(rows, { ...options, targets: [] })).toThrow(/at least one target/);
    expect(() => benchmark(rows, { ...options, targets: ['acc', 'acc'] })).toThrow(/acc twice/);
  });

  it('refuses a single name where a list is wanted, and a missing space, with words that help', () => {
    const one = { ...options, targets: 'acc' as unknown as readonly string[] };
    expect(() => benchmark(rows, one)).toThrow(/a list of columns as targets, got "acc"\. Write targets: \['acc'\]/);
    expect(() => benchmark(rows, { ...options, proxies: 'ms' as unknown as readonly string[] })).toThrow(/as proxies, got "ms"/);
    const none = { arch: 'net', targets: ['acc'] } as unknown as typeof options;
    expect(() => benchmark(rows, none)).toThrow(/search space: expected one of nasbench101, nasbench201/);
  });

  it('refuses a table without rows, whatever it comes as', () => {
    for (const empty of [[], { net: [], acc: [], ms: [] }, arqueroTable({ net: [], acc: [], ms: [] })]) {
      expect(() => benchmark(empty, options)).toThrow(/got a table without rows/);
    }
  });

  it('refuses what is no table, an unknown space, and columns of unequal length', () => {
    expect(() => benchmark(7 as unknown as typeof rows, options)).toThrow(ShapeError);
    expect(() => benchmark([7] as unknown as typeof rows, options)).toThrow(/row 1: expected an object/);
    expect(() => benchmark(rows, { ...options, space: 'nas' as 'nasbench201' })).toThrow(ParseError);
    expect(() => benchmark({ net: nets, acc: [1] }, options)).toThrow(ShapeError);
  });
});

it('a column that an absent file would bring is asked for with the command that fetches the file', () => {
  const header = { id: 'b', dataset: 'd', title: 'B', cite: '', licence: '', hash: '', space: nasbench201 };
  const table = { archs: [], columns: [], values: [], defaultTarget: 'acc', protocols: {} };
  expect(() => tableBenchmark({ ...header, absent: ['MeCo/a.p'] }, table).column('seed')).toThrow(
    /npx nascope data pull MeCo\/a\.p/,
  );
  expect(() => tableBenchmark(header, table).column('seed')).not.toThrow(/data pull/);
});
