import type { Explained, Importance } from '../../core/explain/importance.js';
import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { colours } from '../theme.js';
import { compact } from './drawn-rows.js';
import { greatest, hoverLines } from './feature-labels.js';

/**
 * The importances of the columns summed by family, as horizontal bars, the greatest on top. A sum does justice to families
 * whose columns say nearly the same and share the credit; families with many columns have more to add up.
 */
export function importanceByFamily(from: Importance | Explained): Figure {
  const importance = 'importance' in from ? from.importance() : from;
  const { columns, mean } = importance;
  const ranked = greatest(mean, Math.max(1, columns.length), 'importanceByFamily');
  const colourOf = colours(ranked.map((c) => columns[c].family));
  const families = [...colourOf.keys()].map((family) => {
    const own = ranked.filter((c) => columns[c].family === family);
    return { family, own, sum: own.reduce((sum, c) => sum + mean[c], 0) };
  });
  families.sort((a, b) => b.sum - a.sum);
  const unit = importance.unit === '' ? '' : ` (${importance.unit})`;
  const named = (family: string): string => family.replaceAll('_', ' ');
  return figure(
    [
      {
        type: 'bar',
        orientation: 'h',
        y: families.map((_, i) => String(i)),
        x: compact(families.map(({ sum }) => sum)),
        marker: { color: families.map(({ family }) => colourOf.get(family)) },
        customdata: families.map(({ own }) => [own.length, hoverLines(columns[own[0]]), Number(mean[own[0]].toPrecision(4))]),
        hovertemplate:
          'sum of %{customdata[0]} columns: %{x:.4g}<br>the greatest, %{customdata[2]}: %{customdata[1]}<extra></extra>',
        showlegend: false,
      },
    ],
    {
      height: 140 + 36 * families.length,
      bargap: 0.35,
      margin: { t: 36, l: 20 },
      xaxis: { title: { text: plotlyText(`sum over the family’s columns of ${importance.method}${unit}`) }, rangemode: 'tozero' },
      yaxis: {
        type: 'category',
        autorange: 'reversed',
        tickvals: families.map((_, i) => String(i)),
        ticktext: families.map(({ family, own }) => `${plotlyText(named(family))} (${own.length})`),
        showgrid: false,
      },
    },
    `${importance.method}${unit}, summed by family: ${families
      .map(({ family, sum, own }) => `${named(family)} ${sum.toPrecision(3)} (${own.length} columns)`)
      .join('; ')}.`,
  );
}
