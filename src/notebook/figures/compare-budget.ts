import { ShapeError } from '../../core/base/errors.js';
import type { BudgetPoint } from '../../data/compare/budget.js';
import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { colours } from '../theme.js';
import { compact } from './drawn-rows.js';

/**
 * What a recipe is worth over what it costs before its first answer (labels, features, fit), one line a recipe from few
 * labels to many. The upper left is the place to be.
 * @throws ShapeError when there is no point.
 */
export function budgetCurves(points: readonly BudgetPoint[]): Figure {
  if (points.length === 0) throw new ShapeError({ argument: 'budgetCurves: points', expected: 'at least one', got: 'none' });
  const names = [...new Set(points.map((point) => point.recipe))];
  const colourOf = colours(names);
  const traces = names.map((name) => {
    const own = points.filter((point) => point.recipe === name).sort((a, b) => a.initSeconds - b.initSeconds);
    const colour = colourOf.get(name) as string;
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: plotlyText(name),
      x: compact(own.map((point) => point.initSeconds)),
      y: compact(own.map((point) => point.tau)),
      customdata: own.map((point) => [point.train, Number((1000 * point.querySeconds).toPrecision(3))]),
      line: { color: colour, width: 2 },
      marker: { color: colour, size: 6 },
      hovertemplate: `${plotlyText(name)}<br>%{customdata[0]} labels, %{x:.3g} s before the first answer<br>%{customdata[1]} ms an answer, tau %{y:.3f}<extra></extra>`,
    };
  });
  const best = points.reduce((a, b) => (b.tau > a.tau ? b : a));
  return figure(
    traces,
    {
      height: 440,
      margin: { t: 30 + 22 * Math.ceil(names.length / 3) },
      xaxis: { type: 'log', title: { text: 'seconds before the first answer (labels, features, fit)' } },
      yaxis: { title: { text: 'Kendall tau (mean)' }, zeroline: false },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      showlegend: true,
    },
    `Kendall tau by cost; the best, ${best.recipe} with ${best.train.toLocaleString('en')} labels, reaches ${best.tau.toFixed(3)} after ${Number(best.initSeconds.toPrecision(3)).toLocaleString('en')} s.`,
  );
}
