import { ShapeError } from '../../core/base/errors.js';
import type { Benchmark } from '../../data/benchmark.js';
import { cornerNote, type Figure, figure } from '../figure.js';
import { plotlyText } from '../plotly-text.js';
import { neutral, palette } from '../theme.js';
import { compact, drawnRows, MOST_POINTS } from './drawn-rows.js';
import { type Better, paretoRows } from './pareto.js';
import { textLines } from './text-lines.js';

export interface ParetoFrontOptions {
  /** The columns of the two axes. */
  readonly x: string;
  readonly y: string;
  /** Which way each is good; a benchmark's columns say it themselves. */
  readonly directions?: { readonly x: Better; readonly y: Better };
  /** The column that names a point on hover. */
  readonly name?: string;
}

interface Axis {
  readonly title: string;
  readonly values: ArrayLike<number>;
  readonly better: Better;
}

/**
 * Two quantities against each other, with the points that no other point beats in both: a line in steps, behind which
 * everything is beaten. Of more than 4,000 points a random choice is drawn, and always the whole front.
 * @param points a benchmark, or rows of numbers by name.
 * @throws ShapeError when a column does not exist, its direction is not known, or no row has both numbers.
 */
export function paretoFront(
  points: Benchmark | readonly Readonly<Record<string, unknown>>[],
  options: ParetoFrontOptions,
): Figure {
  const [x, y] = [axisOf(points, options, 'x'), axisOf(points, options, 'y')];
  const names = namesOf(points, options);
  const present = Array.from(x.values, (_, r) => r).filter((r) => Number.isFinite(x.values[r]) && Number.isFinite(y.values[r]));
  if (present.length === 0) {
    throw new ShapeError({ argument: 'paretoFront', expected: `a row with both ${options.x} and ${options.y}`, got: 'none' });
  }
  const front = paretoRows(x.values, y.values, { x: x.better, y: y.better });
  const onFront = new Set(front);
  const others = present.filter((r) => !onFront.has(r));
  const { rows, note } = drawnRows(others.length, 'others', Math.max(1, MOST_POINTS - front.length));
  const at = (which: Axis, of: ArrayLike<number>): (number | null)[] => compact(Array.from(of, (r) => which.values[r]));
  const beaten = Array.from(rows, (i) => others[i]);
  const hover = `${names === null ? '' : '%{text}<br>'}${plotlyText(options.x)} %{x:.5g}<br>${plotlyText(options.y)} %{y:.5g}<extra></extra>`;
  const text = (of: ArrayLike<number>): object => (names === null ? {} : { text: Array.from(of, (r) => plotlyText(names(r))) });
  const count = (n: number): string => n.toLocaleString('en');
  return figure(
    [
      {
        type: 'scatter',
        mode: 'markers',
        name: `beaten by another (${count(others.length)})`,
        x: at(x, beaten),
        y: at(y, beaten),
        ...text(beaten),
        marker: { color: neutral.line, size: present.length > 1000 ? 4 : 6, opacity: 0.45 },
        hovertemplate: hover,
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: `Pareto front (${count(front.length)})`,
        x: at(x, front),
        y: at(y, front),
        ...text(front),
        line: { color: palette[5], width: 2, shape: 'vh' },
        marker: { color: palette[5], size: 8 },
        hovertemplate: hover,
      },
    ],
    {
      height: 460,
      margin: { t: 56 },
      xaxis: { title: { text: axisTitle(x) }, zeroline: false },
      yaxis: { title: { text: axisTitle(y) }, zeroline: false },
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      annotations: cornerNote(note),
    },
    `${options.y} over ${options.x} of ${count(present.length)} networks; ${count(front.length)} are on the Pareto front.`,
  );
}

function axisTitle(axis: Axis): string {
  return [...textLines(axis.title, 48), `(${axis.better} is better)`].map(plotlyText).join('<br>');
}

function isBenchmark(points: object): points is Benchmark {
  return 'kind' in points && points.kind === 'benchmark';
}

function axisOf(
  points: Benchmark | readonly Readonly<Record<string, unknown>>[],
  options: ParetoFrontOptions,
  axis: 'x' | 'y',
): Axis {
  const name = options[axis];
  const stated = options.directions?.[axis];
  if (isBenchmark(points)) {
    const values = points.column(name);
    const column = points.columns.find((other) => other.name === name);
    const known = column === undefined || column.direction === 'none' ? undefined : column.direction;
    const unit = column === undefined || column.unit === '' ? '' : ` (${column.unit})`;
    return { title: `${column?.says ?? name}${unit}`, values, better: stated ?? known ?? refuseDirection(name) };
  }
  const values = points.map((row) => (typeof row[name] === 'number' ? row[name] : Number.NaN));
  if (!points.some((row) => name in row)) {
    const got = Object.keys(points[0] ?? {}).join(', ') || 'no row';
    throw new ShapeError({
      argument: `paretoFront: ${axis}`,
      expected: `a column of the rows`,
      got: `${name} (there are ${got})`,
    });
  }
  return { title: name, values, better: stated ?? refuseDirection(name) };
}

function refuseDirection(name: string): never {
  const expected = `which way ${name} is good: { x: 'lower', y: 'higher' }`;
  throw new ShapeError({ argument: 'paretoFront: directions', expected, got: 'nothing' });
}

function namesOf(
  points: Benchmark | readonly Readonly<Record<string, unknown>>[],
  options: ParetoFrontOptions,
): ((row: number) => string) | null {
  if (isBenchmark(points)) return (row) => points.archs[row];
  const { name } = options;
  return name === undefined ? null : (row) => String(points[row][name]);
}
