import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { neutral } from '../theme.js';
import { type Band, bands, bandTraces } from './line-bands.js';

/** One evaluation: how well a predictor ranked after learning from so many networks. */
export interface TauRow {
  /** The predictor, or its features: `GRAF + ZCP`. */
  readonly series: string;
  /** Training networks. */
  readonly train: number;
  readonly tau: number;
}

export interface TauBySizeOptions {
  /** The tau between two measurements of the target itself (two training seeds): no predictor can be expected above it. */
  readonly ceiling?: number | { readonly tau: number; readonly label: string };
  /** Mean ± standard deviation (unless said) or median and quartiles. */
  readonly band?: Band;
}

/**
 * Kendall's tau over the number of training networks, one line a series with the band of its repeats (seeds), and the
 * noise ceiling as a dashed line.
 * @throws ShapeError when there is no row or a number is not finite.
 */
export function tauBySize(rows: readonly TauRow[], options: TauBySizeOptions = {}): Figure {
  const band = options.band ?? 'sd';
  const points = rows.map(({ series, train, tau }) => ({ series, at: train, value: tau }));
  const lines = bands(points, band, 'tauBySize');
  const sizes = [...new Set(rows.map((row) => row.train))].sort((a, b) => a - b);
  const ceiling = typeof options.ceiling === 'number' ? { tau: options.ceiling, label: 'noise ceiling' } : options.ceiling;
  const bandSays = band === 'sd' ? 'mean ± standard deviation' : 'median and quartiles';
  const spread = band === 'sd' ? '± sd' : 'quartiles';
  const hasBand = [...lines.values()].some((line) => line.some((point) => point.count > 1));
  return figure(
    bandTraces(
      lines,
      `%{x} training networks: tau %{y:.3f}<br>${spread} %{customdata[0]:.3f} to %{customdata[1]:.3f}, %{customdata[2]} runs`,
    ),
    {
      height: 440,
      margin: { t: 50 },
      xaxis: {
        type: 'log',
        title: { text: 'training networks' },
        tickvals: thinned(sizes),
        ticktext: thinned(sizes).map((size) => size.toLocaleString('en')),
        minor: { ticks: '' },
      },
      yaxis: { title: { text: `Kendall tau${hasBand ? ` (${bandSays})` : ''}` }, zeroline: false },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      showlegend: true,
      ...(ceiling === undefined ? {} : ceilingLine(ceiling)),
    },
    `Kendall tau by number of training networks; at ${sizes[sizes.length - 1]}: ${[...lines]
      .map(([series, line]) => `${series} ${line[line.length - 1].middle.toFixed(3)}`)
      .join(', ')}${ceiling === undefined ? '' : `; ${ceiling.label} ${ceiling.tau.toFixed(3)}`}.`,
  );
}

/** The dashed line that no predictor can be expected to pass, named at its left. */
export function ceilingLine(ceiling: { readonly tau: number; readonly label: string }): { readonly [field: string]: unknown } {
  const { tau, label } = ceiling;
  return {
    shapes: [
      {
        type: 'line',
        xref: 'paper',
        x0: 0,
        x1: 1,
        yref: 'y',
        y0: tau,
        y1: tau,
        line: { color: neutral.line, width: 1.5, dash: 'dash' },
      },
    ],
    annotations: [
      {
        xref: 'paper',
        x: 0,
        xanchor: 'left',
        xshift: 6,
        yref: 'y',
        y: tau,
        yanchor: 'bottom',
        showarrow: false,
        text: plotlyText(`${label} ${Number(tau.toPrecision(3))}`),
      },
    ],
  };
}

/** Sizes that stand apart on a logarithmic axis; the others are left to the hover. */
export function thinned(sizes: readonly number[]): number[] {
  const kept: number[] = [];
  const span = Math.log(sizes[sizes.length - 1] / sizes[0]);
  for (const size of sizes) {
    const before = kept[kept.length - 1];
    if (before === undefined || Math.log(size / before) >= 0.06 * span) kept.push(size);
  }
  return kept;
}
