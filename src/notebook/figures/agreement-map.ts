import type { ColumnAgreement } from '../../data/column-agreement.js';
import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { lowToHigh } from '../theme.js';

/**
 * Which columns order networks alike: Kendall's tau of each pair, from -1 (the other way round) to 1 (the same order). What a
 * column measures stands in the hover.
 */
export function agreementMap({ columns, taus, networks }: ColumnAgreement): Figure {
  const size = columns.length;
  const places = columns.map((_, i) => i);
  const names = columns.map(({ name }) => plotlyText(name));
  const at = (i: number, j: number): number => taus[i * size + j];
  // Below the diagonal only: the matrix is symmetric, and a column agrees with itself.
  const below = <T>(cell: (i: number, j: number) => T): (T | null)[][] =>
    places.map((i) => places.map((j) => (j < i ? cell(i, j) : null)));
  const others = places.slice(1).sort((a, b) => orNone(at(b, 0)) - orNone(at(a, 0)));
  return figure(
    [
      {
        type: 'heatmap',
        x: places,
        y: places,
        z: below((i, j) => (Number.isNaN(at(i, j)) ? null : Number(at(i, j).toFixed(3)))),
        customdata: below((i, j) => [plotlyText(columns[i].says), plotlyText(columns[j].says), networks[i * size + j]]),
        colorscale: lowToHigh,
        zmin: -1,
        zmax: 1,
        xgap: 1,
        ygap: 1,
        hoverongaps: false,
        texttemplate: '%{z:.2f}',
        textfont: { color: '#101418' },
        hovertemplate: '%{customdata[0]}<br>with %{customdata[1]}<br>tau %{z:.3f} over %{customdata[2]} networks<extra></extra>',
        colorbar: {
          title: { text: 'Kendall tau', side: 'right', font: { size: 13 } },
          thickness: 10,
          len: 0.9,
          outlinewidth: 0,
        },
      },
    ],
    {
      height: 130 + 30 * size,
      margin: { t: 20, l: 20, r: 10 },
      xaxis: {
        tickvals: places.slice(0, -1),
        ticktext: names.slice(0, -1),
        range: [-0.5, Math.max(0.5, size - 1.5)],
        tickangle: -90,
        automargin: true,
        showgrid: false,
        zeroline: false,
      },
      yaxis: { tickvals: places, ticktext: names, range: [size - 0.5, 0.5], showgrid: false, zeroline: false },
    },
    `Kendall tau with ${columns[0].name}: ${others.map((i) => `${columns[i].name} ${Number.isNaN(at(i, 0)) ? 'none' : at(i, 0).toFixed(2)}`).join(', ')}.`,
  );
}

/** Pairs without a tau stand last. */
function orNone(value: number): number {
  return Number.isNaN(value) ? -2 : value;
}
