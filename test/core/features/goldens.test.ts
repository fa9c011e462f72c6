import { describe, expect, test } from 'vitest';
import type { FeatureTable } from '../../../src/core/base/table.js';
import { features, onehot, pathEncoding } from '../../../src/core/features/index.js';
import { type SpaceId, spaceNamed } from '../../../src/core/spaces/index.js';
import { describeShared, readShared, readSharedCsv } from '../../shared.js';

/** Golden file names by space, with the columns of the two versions (graf.md 2.7). */
const files: { space: SpaceId; file: string; rows: number; columns: { icml24: number; main: number } }[] = [
  { space: 'nasbench201', file: 'nb201', rows: 9000, columns: { icml24: 191, main: 191 } },
  { space: 'nasbench101', file: 'nb101', rows: 4500, columns: { icml24: 47, main: 47 } },
  { space: 'nasbench301', file: 'nb301', rows: 700, columns: { icml24: 1540, main: 1540 } },
  { space: 'transnas-micro', file: 'tnb101', rows: 2400, columns: { icml24: 95, main: 94 } },
  { space: 'transnas-macro', file: 'tnb101_macro', rows: 2000, columns: { icml24: 16, main: 16 } },
];

describeShared('features and encodings of the reference implementation', () => {
  for (const { space, file, rows, columns } of files) {
    describe(space, () => {
      for (const version of ['icml24', 'main'] as const) {
        test(`every ${version} feature has the reference's name, place and exact value`, () => {
          const [[, ...names], ...golden] = readSharedCsv('goldens', 'graf', `${file}_${version}.csv.gz`);
          const table = features(graphsOf(space, golden.map(([net]) => net)), undefined, { version }); // biome-ignore format: one line
          expect(table.columns.map((column) => column.name)).toEqual(names);
          expect([table.rowCount, names.length]).toEqual([rows, columns[version]]);
          const differences: string[] = [];
          names.forEach((name, c) => {
            for (let row = 0; row < golden.length; row++) {
              const expected = Number(golden[row][c + 1]);
              if (!Object.is(table.values[c][row], expected)) {
                differences.push(`${golden[row][0]} ${name}: got ${table.values[c][row]}, expected ${expected}`);
              }
            }
          });
          expect(differences.slice(0, 10)).toEqual([]);
        });
      }

      test("encodings are the reference's, quirks included", () => {
        const golden = JSON.parse(readShared('goldens', 'graf', `${file}_encodings.json.gz`)) as GoldenEncoding[];
        const graphs = graphsOf(space, golden.map((row) => row.net)); // biome-ignore format: one line
        const oneHot = onehot(graphs);
        expect(oneHot.columns.map((column) => column.name)).toEqual(golden[0].onehot.map((_, i) => `onehot_${i}`));
        expect(golden.map((_, row) => rowOf(oneHot, row))).toEqual(golden.map((row) => row.onehot));

        if (golden[0].path_len === undefined) {
          expect(() => pathEncoding(graphs)).toThrow(expect.objectContaining({ code: 'unsupported' }));
          return;
        }
        const path = pathEncoding(graphs);
        expect(path.columns.length).toBe(golden[0].path_len);
        expect(golden.map((_, row) => onesOf(path, row))).toEqual(golden.map((row) => row.path_ones));
      });
    });
  }
});

interface GoldenEncoding {
  readonly net: string;
  readonly onehot: readonly number[];
  readonly path_len?: number;
  readonly path_ones?: readonly number[];
}

function graphsOf(id: SpaceId, nets: readonly string[]) {
  const space = spaceNamed(id);
  return nets.map((net) => space.toGraph(space.parse(net)));
}

function rowOf(table: FeatureTable, row: number): number[] {
  return table.values.map((column) => column[row]);
}

function onesOf(table: FeatureTable, row: number): number[] {
  return rowOf(table, row).flatMap((value, column) => (value === 1 ? [column] : []));
}
