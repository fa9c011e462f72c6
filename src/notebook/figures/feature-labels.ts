import { ShapeError } from '../../core/base/errors.js';
import type { Column } from '../../core/base/table.js';
import { plotlyText } from '../plotly-text.js';

/** Rows of a figure that has one row a feature. */
export const ROW_PX = 26;
export const TWO_LINE_ROW_PX = 38;

const LINE_CHARACTERS = 48;

/** In words on at most two lines; columns whose words would look the same when cut go by the reference's name. */
export function featureLabels(columns: readonly Column[]): string[] {
  const inWords = columns.map((column) => twoLines(column.says));
  return columns.map((column, i) => {
    const isAlone = inWords.every((label, j) => j === i || label.join() !== inWords[i].join());
    return (isAlone ? inWords[i] : twoLines(column.name)).map(plotlyText).join('<br>');
  });
}

/** The height of a row in which each of these labels fits. */
export function rowPxOf(labels: readonly string[]): number {
  return labels.some((label) => label.includes('<br>')) ? TWO_LINE_ROW_PX : ROW_PX;
}

/** The numbers of the columns, greatest first, equal ones in the table's order. @throws ShapeError when `top` is not a positive whole number. */
export function greatest(values: ArrayLike<number>, top: number, where: string): number[] {
  if (!(Number.isInteger(top) && top >= 1)) {
    throw new ShapeError({ argument: `${where}: top`, expected: 'a whole number above 0', got: `${top}` });
  }
  const order = Array.from(values, (_, c) => c).sort((a, b) => values[b] - values[a] || a - b);
  return order.slice(0, top);
}

/** What hovering over a feature tells about it, for a hover template. */
export function hoverLines(column: Column): string {
  const name = column.name === column.says ? '' : `<br><i>${plotlyText(column.name)}</i>`;
  return `${plotlyText(column.says)}${name}`;
}

function twoLines(text: string): string[] {
  if (text.length <= LINE_CHARACTERS) return [text];
  const space = text.lastIndexOf(' ', LINE_CHARACTERS);
  const at = space > LINE_CHARACTERS / 2 ? space : LINE_CHARACTERS;
  const rest = text.slice(at).trimStart();
  return [text.slice(0, at), rest.length <= LINE_CHARACTERS ? rest : `${rest.slice(0, LINE_CHARACTERS - 1)}…`];
}
