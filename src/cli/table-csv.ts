import { ParseError } from '../core/base/errors.js';
import type { FeatureTable } from '../core/base/table.js';
import type { CellGraph } from '../core/ir/cell-graph.js';
import { spaceNamed } from '../core/spaces/index.js';
import type { SearchSpace } from '../core/spaces/space.js';
import { csvCell } from '../data/csv-cell.js';
import { atLine, CHUNK, inChunks, readLines, writePieces } from './streams.js';

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

/**
 * The same where a table's columns depend on all of its architectures: reads them all before it writes a line. No
 * architecture is no table.
 */
export async function writeWholeTableCsv(
  options: { readonly space: string; readonly in: string; readonly out: string },
  makeTable: (graphs: readonly CellGraph[]) => FeatureTable,
): Promise<void> {
  await writePieces(options.out, whole(spaceNamed(options.space), options.in, makeTable));
}

async function* whole(
  space: SearchSpace,
  input: string,
  makeTable: (graphs: readonly CellGraph[]) => FeatureTable,
): AsyncGenerator<string> {
  const nets: string[] = [];
  const graphs: CellGraph[] = [];
  for await (const line of readLines(input)) {
    nets.push(line.text);
    graphs.push(atLine(line, (text) => space.toGraph(space.parse(text))));
  }
  if (nets.length === 0) throw new ParseError({ what: '--in', text: input, at: 0, expected: 'at least one architecture' });
  const table = makeTable(graphs);
  yield header(table);
  for (let start = 0; start < nets.length; start += CHUNK) yield rowsOf(nets, table, start, Math.min(nets.length, start + CHUNK));
}

async function* pieces(
  space: SearchSpace,
  input: string,
  makeTable: (graphs: readonly CellGraph[]) => FeatureTable,
): AsyncGenerator<string> {
  const example = makeTable([space.toGraph(space.parse(space.encodings[0].example))]);
  // The header waits for the first lines, so that an input whose first lines are refused leaves nothing on standard output.
  let head = header(example);
  for await (const lines of inChunks(readLines(input), CHUNK)) {
    const table = makeTable(lines.map((line) => atLine(line, (text) => space.toGraph(space.parse(text)))));
    const nets = lines.map((line) => line.text);
    yield head + rowsOf(nets, table, 0, nets.length);
    head = '';
  }
  yield head;
}

function header({ columns }: FeatureTable): string {
  return `${['net', ...columns.map((c) => csvCell(c.name))].join(',')}\n`;
}

function rowsOf(nets: readonly string[], table: FeatureTable, start: number, end: number): string {
  const printers = table.values.map((values) => (values instanceof Float64Array ? printDouble : String));
  let text = '';
  for (let r = start; r < end; r++) {
    text += csvCell(nets[r]);
    for (let c = 0; c < printers.length; c++) text += `,${printers[c](table.values[c][r])}`;
    text += '\n';
  }
  return text;
}

/** Doubles as the reference prints them: shortest form, with a point even when whole. */
function printDouble(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}
