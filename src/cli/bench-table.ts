import { availableParallelism, cpus } from 'node:os';
import { ParseError } from '../core/base/errors.js';
import type { BenchRow } from './bench-contract.js';

/** What surrounds the table in a file that holds one. */
const START = '<!-- bench -->';
const END = '<!-- /bench -->';

/** How the rows came about, for whoever reads the table. */
export interface TableConditions {
  /** One-minute loads at the start and at the end. */
  readonly loads: readonly [number, number];
  readonly date: string;
}

/** Rows as a table in Markdown, with the method, the load and the versions below it. */
export function benchTable(rows: readonly BenchRow[], { loads, date }: TableConditions): string {
  const lines = rows.map((row) => {
    const peer = row.peer === null || row.peer_ms === null ? '' : `${time(row.peer_ms)}, ${nameOf(row.peer)}`;
    return `| ${row.task} | ${time(row.ours_ms)} | ${peer} | ${ratio(row)} |`;
  });
  const peers = [...new Set(rows.flatMap(({ peer }) => (peer === null ? [] : [peer])))];
  const memory = rows.flatMap(({ note }) => /peak memory [\d,]+ MB of [\d,]+ MB allowed/.exec(note) ?? []).at(-1);
  const [start, end] = loads.map((load) => load.toFixed(1));
  const cores = availableParallelism();
  const notes = [
    'Least CPU time of one thread; in the last column how many times faster nascope is: the median over pairs that were run in ' +
      'turns, their range and their number (a peer that was not run here is quoted, and has none). Inputs are seeded, and nothing ' +
      'was tuned on them.',
    ...(memory === undefined ? [] : [`All cells of NAS-Bench-101: ${memory}.`]),
    `Node ${process.versions.node}, ${cpus()[0].model}, ${cores} cores, load ${start} at the start and ${end} at the end` +
      `${Number(end) > cores ? ' (contended)' : ''}, ${date}. Peers: ${peers.join('; ')}.`,
  ];
  return `| work | nascope | peer | times faster |\n|---|--:|--:|--:|\n${lines.join('\n')}\n\n${notes.join(' ')}\n`;
}

/**
 * A text with the table between its two markers.
 * @throws ParseError when it has no such place.
 */
export function withTable(path: string, text: string, table: string): string {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) {
    throw new ParseError({ what: '--table', text: path, at: 0, expected: `a file with the lines ${START} and ${END}` });
  }
  return `${text.slice(0, start + START.length)}\n${table}${text.slice(end)}`;
}

function time(ms: number): string {
  if (ms < 1) return `${(1000 * ms).toPrecision(3)} µs`;
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`;
}

/** `scikit-learn 1.2.1, numpy 1.26.4` → its first part. */
function nameOf(peer: string): string {
  return peer.split(/[,;:]/)[0];
}

function ratio({ ratio, pairs }: BenchRow): string {
  if (ratio === null) return '';
  const says = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(2));
  if (pairs === undefined) return says(ratio);
  return `${says(ratio)} (${says(pairs.low)} to ${says(pairs.high)}, ${pairs.count})`;
}
