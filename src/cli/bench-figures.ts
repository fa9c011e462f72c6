import { exportHtml } from '../kernel/export-html.js';
import type { Cell } from '../kernel/notebook-file.js';
import { type Figure, figure } from '../notebook/figure.js';
import { PLOTLY_MIME } from '../notebook/figure-bundle.js';
import { type BandPoint, bandTraces } from '../notebook/figures/line-bands.js';
import type { BenchRow } from './bench-contract.js';

/** The rows that are points of curves, one figure an axis, as one HTML page that needs nothing else. */
export async function curvesHtml(heading: string, rows: readonly BenchRow[]): Promise<string> {
  const axes = [...new Set(rows.flatMap((row) => (row.at === undefined ? [] : [row.at.axis])))];
  const cells = axes.flatMap((axis, i): Cell[] => {
    const own = rows.filter((row) => row.at?.axis === axis);
    const { data, layout, says } = curves(axis, own);
    const output = { [PLOTLY_MIME]: { data, layout }, 'text/plain': says };
    return [
      { ...{ cell_type: 'markdown', id: `says-${i}`, metadata: {} }, source: `## ${axis}\n\n${own.at(-1)?.note ?? ''}` },
      {
        ...{ cell_type: 'code', id: `axis-${i}`, metadata: {}, execution_count: null, source: `// ${says}` },
        outputs: [{ output_type: 'display_data', data: output, metadata: {} }],
      },
    ];
  });
  const title: Cell = { cell_type: 'markdown', id: 'title', metadata: {}, source: heading };
  return exportHtml({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [title, ...cells] }, { title: 'nascope bench' });
}

/** Time by what grows, both logarithmic: ours, and the peer's where there is one. */
function curves(axis: string, rows: readonly BenchRow[]): Figure {
  const points = (time: (row: BenchRow) => number | null): BandPoint[] =>
    rows.flatMap((row) => {
      const ms = time(row);
      return ms === null || row.at === undefined ? [] : [{ at: row.at.value, middle: ms, low: ms, high: ms, count: 1 }];
    });
  const lines = new Map([['nascope', points((row) => row.ours_ms)]]);
  const theirs = points((row) => row.peer_ms);
  const peer = rows.find((row) => row.peer !== null)?.peer;
  if (peer) lines.set(peer, theirs);
  return figure(
    bandTraces(lines, '%{x}: %{y:.4g} ms'),
    {
      height: 420,
      xaxis: { title: { text: axis }, type: 'log', tickvals: rows.map(({ at }) => at?.value) },
      yaxis: { title: { text: 'milliseconds' }, type: 'log' },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      showlegend: true,
    },
    `Milliseconds by ${axis}: ${rows.map((row) => `${row.at?.value} ${row.ours_ms.toPrecision(3)}`).join(', ')}.`,
  );
}
