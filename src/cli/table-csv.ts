import type { FeatureTable } from '../core/base/table.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import { spaceNamed } from '../core/spaces/index.js';
import type { SearchSpace } from '../core/spaces/space.js';
import { atLine, CHUNK, cell, inChunks, readLines, writePieces } from './streams.js';

/**
 * Reads one architecture a line in any upstream encoding and writes CSV: `net` as it was given, then the table's
 * columns. Works in chunks, so a list of any length fits in memory;
 * a malformed line leaves no file, and on standard output only the chunks before its own.
 */
export async function writeTableCsv(
  options: { readonly space: string; readonly in: string; readonly out: string },
  makeTable: (graphs: readonly CellGraph[]) => FeatureTable,
): Promise<void> {
  await writePieces(options.out, pieces(spaceNamed(options.space), options.in, makeTable));
}

async function* pieces(
  space: SearchSpace,
  input: string,
  makeTable: (graphs: readonly CellGraph[]) => FeatureTable,
): AsyncGenerator<string> {
  const { columns } = makeTable([space.toGraph(space.parse(space.encodings[0].example))]);
  // The header waits for the first lines, so that an input whose first lines are refused leaves nothing on standard output.
  let header = `${['net', ...columns.map((c) => cell(c.name))].join(',')}\n`;
  for await (const lines of inChunks(readLines(input), CHUNK)) {
    const table = makeTable(lines.map((line) => atLine(line, (text) => space.toGraph(space.parse(text)))));
    yield header +
      rowsOf(
        lines.map((line) => line.text),
        table,
      );
    header = '';
  }
  yield header;
}

function rowsOf(nets: readonly string[], table: FeatureTable): string {
  const printers = table.values.map((values) => (values instanceof Float64Array ? printDouble : String));
  let text = '';
  for (let r = 0; r < nets.length; r++) {
    text += cell(nets[r]);
    for (let c = 0; c < printers.length; c++) text += `,${printers[c](table.values[c][r])}`;
    text += '\n';
  }
  return text;
}

/** Doubles as the reference prints them: shortest form, with a point even when whole. */
function printDouble(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}
