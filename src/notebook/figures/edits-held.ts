import type { EditsHeld } from '../../core/explain/edits-held.js';
import { type Figure, figure } from '../figure.js';
import { neutral, palette } from '../theme.js';
import { compact } from './drawn-rows.js';

/**
 * Were the suggestions true? The share of 1st, 2nd, 3rd … edits on a model's list that really are better, over the share of
 * all edits that are, which is what changing something at random achieves.
 */
export function editsHeldBars(held: EditsHeld): Figure {
  const { byPlace, baseRate, archs, helped, best } = held;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const places = byPlace.map((_, i) => i + 1);
  return figure(
    [
      {
        type: 'bar',
        x: places,
        y: compact(byPlace.map((place) => 100 * place.helped)),
        customdata: byPlace.map((place) => place.archs),
        marker: { color: byPlace.map((_, i) => (i === 0 ? palette[5] : palette[0])) },
        hovertemplate: 'edit %{x} on the list helps in %{y:.1f} % of %{customdata} networks<extra></extra>',
        showlegend: false,
      },
    ],
    {
      height: 380,
      bargap: 0.25,
      margin: { t: 40, r: 20 },
      xaxis: {
        title: { text: 'place of the edit on the model’s list' },
        dtick: byPlace.length > 12 ? 2 : 1,
        tick0: 1,
        showgrid: false,
        zeroline: false,
      },
      yaxis: { title: { text: 'edits that really help (%)' }, range: [0, 100] },
      shapes: [
        {
          type: 'line',
          xref: 'paper',
          x0: 0,
          x1: 1,
          y0: 100 * baseRate,
          y1: 100 * baseRate,
          line: { color: neutral.line, width: 1.5, dash: 'dash' },
        },
      ],
      annotations: [
        {
          xref: 'paper',
          x: 1,
          xanchor: 'right',
          y: 100 * baseRate,
          yanchor: 'bottom',
          showarrow: false,
          text: `a random edit: ${percent(baseRate)}`,
        },
      ],
    },
    `Of ${archs.toLocaleString('en')} networks, the most promising edit really helps in ${percent(helped)} and is the best there is in ${percent(best)}; a random edit helps in ${percent(baseRate)}.`,
  );
}
