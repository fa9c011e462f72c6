import { ShapeError } from '../../core/base/errors.js';
import { type ColumnGroups, groupImportance, opGroups } from '../../core/explain/groups.js';
import type { ProxyBias } from '../../core/explain/proxy-bias.js';
import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { neutral, palette, rising } from '../theme.js';
import { compact } from './drawn-rows.js';
import { greatest, hoverLines } from './feature-labels.js';

export interface ProxyBiasMapOptions {
  /** How columns are gathered: `opGroups` (by operation) unless said, or `familyGroups`. */
  readonly groups?: (columns: ProxyBias['importance']['columns']) => ColumnGroups;
}

/**
 * What zero-cost proxies measure: on the left how much of each can be read off the graph (R² of its regression on graph
 * features, on held-out networks; the dot is Kendall's tau), on the right what the regression goes by, as shares of 100 %.
 * @throws ShapeError when there is no proxy.
 */
export function proxyBiasMap(biases: readonly ProxyBias[], options: ProxyBiasMapOptions = {}): Figure {
  if (biases.length === 0) throw new ShapeError({ argument: 'proxyBiasMap: biases', expected: 'at least one', got: 'none' });
  const sorted = [...biases].sort((a, b) => orLeast(b.r2) - orLeast(a.r2));
  const groups = (options.groups ?? opGroups)(sorted[0].importance.columns);
  const shares = sorted.map(({ importance }) => {
    const { mean } = groupImportance(importance, groups);
    const total = mean.reduce((sum, part) => sum + part, 0);
    return mean.map((part) => (total > 0 ? (100 * part) / total : 0));
  });
  const names = sorted.map(({ proxy }) => plotlyText(proxy.name));
  const first = ({ importance }: ProxyBias): string =>
    hoverLines(importance.columns[greatest(importance.mean, 1, 'proxyBiasMap')[0]]);
  const heads = groups.heads.map((head) => plotlyText(head.says));
  return figure(
    [
      {
        type: 'bar',
        orientation: 'h',
        y: names,
        x: compact(sorted.map(({ r2 }) => Math.max(0, orLeast(r2)))),
        customdata: sorted.map((bias) => [plotlyText(bias.proxy.says), Number(bias.r2.toFixed(3)), first(bias)]),
        marker: { color: palette[0] },
        hovertemplate: '%{customdata[0]}<br>R² %{customdata[1]}<br>driven first by %{customdata[2]}<extra></extra>',
        name: 'R²',
      },
      {
        type: 'scatter',
        mode: 'markers',
        y: names,
        x: compact(sorted.map(({ tau }) => tau)),
        marker: { color: palette[1], size: 9, line: { color: neutral.line, width: 1 } },
        hovertemplate: 'Kendall tau %{x:.3f}<extra></extra>',
        name: 'Kendall tau',
      },
      {
        type: 'heatmap',
        xaxis: 'x2',
        x: heads,
        y: names,
        z: shares.map(compact),
        colorscale: rising,
        zmin: 0,
        xgap: 2,
        ygap: 2,
        texttemplate: '%{z:.0f}',
        textfont: { color: '#101418' },
        colorbar: {
          title: { text: 'share of the importance (%)', side: 'right', font: { size: 13 } },
          thickness: 10,
          len: 0.9,
          outlinewidth: 0,
        },
        hovertemplate: '%{y}: %{x} has %{z:.1f} %<extra></extra>',
      },
    ],
    {
      height: 150 + 30 * sorted.length,
      margin: { t: 50, l: 20, r: 10 },
      bargap: 0.35,
      xaxis: {
        domain: [0, 0.34],
        range: [Math.min(0, ...sorted.map(({ tau }) => orLeast(tau))) - 0.02, 1.04],
        title: { text: 'read off the graph' },
      },
      xaxis2: {
        domain: [0.4, 1],
        type: 'category',
        title: { text: 'by what' },
        automargin: true,
        tickangle: -25,
        showgrid: false,
        linecolor: neutral.line,
      },
      yaxis: { type: 'category', autorange: 'reversed', showgrid: false },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
    },
    `How well graph features predict each zero-cost proxy on ${sorted[0].test.toLocaleString('en')} held-out networks, R² and Kendall tau: ${sorted
      .map(({ proxy, r2, tau }) => `${proxy.name} ${r2.toFixed(2)} and ${tau.toFixed(2)}`)
      .join('; ')}.`,
  );
}

/** A constant proxy has no R² and no tau: it stands last. */
function orLeast(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
