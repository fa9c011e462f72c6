import { type FeatureTable, take } from '../../core/base/table.js';
import { partialDependence } from '../../core/explain/partial-dependence.js';
import type { ShapValues } from '../../core/explain/treeshap.js';
import type { Fitted } from '../../core/models/predictor.js';
import { cornerNote, type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { type Tabular, tableOf } from '../tabular.js';
import { neutral, palette } from '../theme.js';
import { checkExplained } from './beeswarm.js';
import { columnNamed } from './column-named.js';
import { axisLayout, type DependenceFigureOptions, dependenceCurve } from './dependence-curve.js';
import { compact, drawnRows } from './drawn-rows.js';
import { swarm } from './swarm.js';

/** A feature with at most this many different values is drawn as one strip a value. */
const STRIPS = 25;
const GROUPS = 20;
/** A model is asked about this many rows at most, at each value. */
const ASKED_ROWS = 500;

/**
 * How predictions depend on one feature.
 *
 * Of SHAP values: each network's share over its value of the feature, as strips side by side where the feature counts
 * something (points are moved sideways within a strip), and the mean at each value, or of neighbours. The height of a strip is what
 * the other features do to this one's effect.
 *
 * Of a model: the partial dependence, that is the mean prediction when the feature is set to a value in every row, with the
 * band that holds the middle 80 % of the rows (of at most 500; `dependenceCurve(partialDependence(…))` takes all). Such rows need
 * not be possible networks.
 * @param x rows of the model's columns; for SHAP values the ones that were explained.
 * @param column the reference's name.
 * @throws ShapeError when there is no such column, or the rows are not those of the SHAP values.
 */
export function dependence(
  of: ShapValues | Fitted,
  x: FeatureTable | Tabular,
  column: string,
  options: DependenceFigureOptions = {},
): Figure {
  const table = tableOf(x);
  const c = columnNamed(table.columns, column, 'dependence: column');
  if ('predict' in of) return dependenceCurve(partialDependence(of, askedRows(table), column, { places: STRIPS }), options);
  checkExplained('dependence', of, table);
  return shares(of, table, c, options.unit === undefined ? '' : ` (${options.unit})`);
}

function shares(shap: ShapValues, table: FeatureTable, c: number, unit: string): Figure {
  const width = shap.columns.length;
  const values = Float64Array.from(table.values[c]);
  const own = Float64Array.from({ length: shap.rowCount }, (_, r) => shap.values[r * width + c]);
  const distinct = distinctOf(values);
  const isStrips = distinct.length <= STRIPS;
  const { rows, note } = drawnRows(shap.rowCount, 'networks');
  const sideways = isStrips ? stripOffsets(values, own, rows, distinct) : new Float64Array(rows.length);
  const means = groupMeans(values, own, isStrips);
  const points = {
    type: 'scatter',
    mode: 'markers',
    x: compact(Float64Array.from(rows, (r, i) => values[r] + sideways[i])),
    y: compact(Float64Array.from(rows, (r) => own[r])),
    marker: { color: palette[0], size: 5, opacity: 0.5 },
    customdata: compact(Float64Array.from(rows, (r) => values[r])),
    hovertemplate: 'value %{customdata}: moves the prediction by %{y:+.4g}<extra></extra>',
    name: 'a network',
  };
  const mean = {
    type: 'scatter',
    mode: 'lines+markers',
    x: compact(means.map(({ value }) => value)),
    y: compact(means.map((m) => m.mean)),
    customdata: means.map(({ count }) => count),
    line: { color: palette[5], width: 2 },
    marker: { color: palette[5], size: 9, symbol: 'diamond' },
    hovertemplate: 'value %{x:.4g}: %{customdata} networks, on average %{y:+.4g}<extra></extra>',
    name: isStrips ? 'mean at a value' : 'mean of neighbours',
  };
  const { says } = table.columns[c];
  return figure(
    [points, mean],
    {
      ...axisLayout(table.columns[c], isStrips ? distinct : []),
      yaxis: {
        title: { text: plotlyText(`moves the prediction by${unit}`) },
        zeroline: true,
        zerolinecolor: neutral.line,
      },
      annotations: cornerNote(note),
    },
    `SHAP value of "${says}" over its value: ${means
      .slice(0, 6)
      .map(({ value, mean: m }) => `${Number(value.toPrecision(4))} moves by ${m.toPrecision(3)}`)
      .join(', ')}${means.length > 6 ? ', …' : ''}.`,
  );
}

interface GroupMean {
  readonly value: number;
  readonly mean: number;
  readonly count: number;
}

/** The mean share at each value, or, where values hardly repeat, of twenty groups of neighbours. */
function groupMeans(values: Float64Array, own: Float64Array, isStrips: boolean): GroupMean[] {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);
  const groups = new Map<number, { value: number; share: number; count: number }>();
  order.forEach((r, place) => {
    const key = isStrips ? values[r] : Math.floor((place * GROUPS) / order.length);
    const group = groups.get(key) ?? { value: 0, share: 0, count: 0 };
    groups.set(key, group);
    group.value += values[r];
    group.share += own[r];
    group.count++;
  });
  return [...groups.values()].map(({ value, share, count }) => ({ value: value / count, mean: share / count, count }));
}

/** Rows that a model is asked about at each value: all, or a random choice that is the same every time. */
function askedRows(table: FeatureTable): FeatureTable {
  return take(table, drawnRows(table.rowCount, 'networks', ASKED_ROWS).rows);
}

/** Each strip as a swarm of its own, no wider than reaches half-way to the next value. */
function stripOffsets(values: Float64Array, own: Float64Array, rows: Int32Array, distinct: readonly number[]): Float64Array {
  let gap = 1;
  for (let i = 1; i < distinct.length; i++)
    gap = i === 1 ? distinct[1] - distinct[0] : Math.min(gap, distinct[i] - distinct[i - 1]);
  const out = new Float64Array(rows.length);
  for (const value of distinct) {
    const places = Array.from(rows.keys()).filter((i) => values[rows[i]] === value);
    const offsets = swarm(places.map((i) => own[rows[i]]));
    places.forEach((i, k) => {
      out[i] = offsets[k] * gap;
    });
  }
  return out;
}

function distinctOf(values: ArrayLike<number>): number[] {
  return [...new Set(Array.from(values))].sort((a, b) => a - b);
}
