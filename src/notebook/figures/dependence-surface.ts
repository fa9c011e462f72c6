import type { PairDependence } from '../../core/explain/partial-dependence.js';
import { type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { lowToHigh, rising } from '../theme.js';
import { axisTitle, type DependenceFigureOptions } from './dependence-curve.js';
import { compact } from './drawn-rows.js';

/**
 * How predictions depend on two features together, as a map: the mean prediction, or (accumulated effects) only what the two
 * do together beyond what each does by itself, in colours around 0. Places stand at equal distances, whatever lies between them.
 */
export function dependenceSurface(pair: PairDependence, options: DependenceFigureOptions = {}): Figure {
  const { first, second, effect, method, rowCount } = pair;
  const width = second.places.length;
  const size = effect.reduce((most, height) => Math.max(most, Math.abs(height)), 0) || 1;
  const isAround = method !== 'mean prediction';
  const named = (places: Float64Array): string[] => Array.from(places, (place) => String(Number(place.toPrecision(4))));
  const [across, down] = [named(first.places), named(second.places)];
  const unit = options.unit === undefined ? '' : ` (${options.unit})`;
  const highest = effect.indexOf(effect.reduce((most, height) => Math.max(most, height), Number.NEGATIVE_INFINITY));
  return figure(
    [
      {
        type: 'heatmap',
        x: across,
        y: down,
        z: down.map((_, j) => compact(Float64Array.from(across, (__, i) => effect[i * width + j]))),
        colorscale: isAround ? lowToHigh : rising,
        ...(isAround ? { zmin: -size, zmax: size } : {}),
        xgap: 1,
        ygap: 1,
        colorbar: {
          title: { text: plotlyText(method + unit), side: 'right', font: { size: 13 } },
          thickness: 10,
          len: 0.9,
          outlinewidth: 0,
        },
        hovertemplate: `%{x} and %{y}: %{z:${isAround ? '+' : ''}.4g}<extra></extra>`,
      },
    ],
    {
      height: 460,
      margin: { t: 30, r: 10 },
      xaxis: { type: 'category', title: { text: axisTitle(first.column, 64) }, showgrid: false },
      yaxis: { type: 'category', title: { text: axisTitle(second.column, 44) }, showgrid: false },
    },
    `${method}${unit} over "${first.column.says}" and "${second.column.says}", from ${rowCount.toLocaleString('en')} networks; highest, ${effect[highest].toPrecision(3)}, at ${across[Math.floor(highest / width)]} and ${down[highest % width]}.`,
  );
}
