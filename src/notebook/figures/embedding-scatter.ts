import { ShapeError } from '../../core/base/errors.js';
import { type FeatureTable, take } from '../../core/base/table.js';
import { cornerNote, type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { type Tabular, tableOf } from '../tabular.js';
import { colours, rising } from '../theme.js';
import { compact, drawnRows } from './drawn-rows.js';
import { principalPlane } from './principal-plane.js';

export interface EmbeddingScatterOptions {
  /** What colours the points: a number each (a target), or a label each (a kind). */
  readonly colour?: ArrayLike<number> | readonly string[];
  /** What the colour is, with its unit. */
  readonly colourSays?: string;
  /** A name for each point, shown on hover. */
  readonly names?: readonly string[];
}

/**
 * Networks as points in an embedding. Two columns are drawn as they are; of more, the plane in which the points lie widest
 * apart (principal components), whose share of the variance the axes tell. Rows with missing numbers are left out.
 * Of more than 4,000 points a random choice is drawn, the same every time.
 * @throws ShapeError when there are fewer than two columns or rows, or colours and names are not one a row.
 */
export function embeddingScatter(embedding: FeatureTable | Tabular, options: EmbeddingScatterOptions = {}): Figure {
  const table = tableOf(embedding);
  const { colour, names } = options;
  const counts = [table.rowCount, colour?.length ?? table.rowCount, names?.length ?? table.rowCount];
  if (new Set(counts).size > 1 || table.columns.length < 2) {
    throw new ShapeError({
      argument: 'embeddingScatter',
      expected: 'two columns or more, and a colour and a name for each row or none',
      got: `${table.columns.length} columns, ${counts.join(', ')} rows, colours, names`,
    });
  }
  const present = Array.from({ length: table.rowCount }, (_, r) => r).filter((r) =>
    table.values.every((column) => Number.isFinite(column[r])),
  );
  if (present.length < 2) {
    throw new ShapeError({
      argument: 'embeddingScatter',
      expected: 'two rows without missing numbers',
      got: `${present.length}`,
    });
  }
  const { first, second, titles } = planeOf(take(table, present));
  const { rows, note } = drawnRows(present.length, 'networks');
  const trace = (of: readonly number[]): { readonly [field: string]: unknown } => ({
    type: 'scatter',
    mode: 'markers',
    x: compact(of.map((i) => first[i])),
    y: compact(of.map((i) => second[i])),
    ...(names === undefined ? {} : { text: of.map((i) => plotlyText(names[present[i]])) }),
  });
  const size = rows.length > 1000 ? 4 : 6;
  const named = names === undefined ? '' : '%{text}<br>';
  const drawn = Array.from(rows);
  const says = plotlyText(options.colourSays ?? 'colour');
  const labelOf = (i: number): string => String(colour?.[present[i]]);
  const isLabels = typeof colour?.[0] === 'string';
  const traces = isLabels
    ? [...colours(drawn.map(labelOf))].map(([label, fill]) => ({
        ...trace(drawn.filter((i) => labelOf(i) === label)),
        name: plotlyText(label),
        marker: { size, opacity: 0.8, color: fill },
        hovertemplate: `${named}${plotlyText(label)}<extra></extra>`,
      }))
    : [
        {
          ...trace(drawn),
          marker:
            colour === undefined
              ? { size, opacity: 0.8 }
              : {
                  size,
                  opacity: 0.8,
                  color: compact(drawn.map((i) => Number(colour[present[i]]))),
                  ...scale(
                    present.map((row) => Number(colour[row])),
                    says,
                  ),
                },
          hovertemplate: `${named}${colour === undefined ? '' : `${says} %{marker.color:.4g}`}<extra></extra>`,
          showlegend: false,
        },
      ];
  return figure(
    traces,
    {
      height: 500,
      margin: { t: 56, r: 10 },
      xaxis: { title: { text: plotlyText(titles[0]) }, zeroline: false },
      yaxis: { title: { text: plotlyText(titles[1]) }, zeroline: false },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom', itemsizing: 'constant' },
      annotations: cornerNote(note),
    },
    `${present.length.toLocaleString('en')} networks by ${titles[0]} and ${titles[1]}${colour === undefined ? '' : `, coloured by ${options.colourSays ?? 'colour'}`}.`,
  );
}

function planeOf(table: FeatureTable): {
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  readonly titles: readonly string[];
} {
  if (table.columns.length === 2) {
    return { first: table.values[0], second: table.values[1], titles: table.columns.map((column) => column.says) };
  }
  const { first, second, shares } = principalPlane(table);
  const title = (nth: string, share: number): string =>
    `${nth} principal component (${(100 * share).toFixed(0)} % of the variance)`;
  return { first, second, titles: [title('first', shares[0]), title('second', shares[1])] };
}

/** Whole numbers within this range are counts: every one of them is on the scale. */
const MOST_COUNTS = 100;
/** Up to so many steps each has a tick; more, and plotly's own ticks are whole numbers. */
const MOST_TICKS = 10;

/**
 * The scale runs over the middle 98 %, so that a few failed networks do not take it all; over the whole range of counts.
 * @param values of all networks, drawn or not.
 */
function scale(values: readonly number[], says: string): { readonly [field: string]: unknown } {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const range = at(1) - at(0);
  const isCounts = range <= MOST_COUNTS && sorted.every(Number.isInteger);
  const ticks = isCounts && range <= MOST_TICKS ? { tick0: at(0), dtick: 1 } : {};
  return {
    colorscale: rising,
    cmin: at(isCounts ? 0 : 0.01),
    cmax: at(isCounts ? 1 : 0.99),
    colorbar: { title: { text: says, side: 'right', font: { size: 13 } }, thickness: 10, len: 0.9, outlinewidth: 0, ...ticks },
  };
}
