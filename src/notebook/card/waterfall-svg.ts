import type { ShapValues } from '../../core/explain/treeshap.js';
import { escapeMarkup } from '../escape.js';
import { textLines } from '../figures/text-lines.js';
import { signed, waterfallSteps } from '../figures/waterfall-steps.js';
import { effect, fontFamily, neutral } from '../theme.js';

const LABELS = 270;
const BARS = 260;
/** Room beside the bars for their numbers. */
const NUMBERS = 52;
const ROW = 32;
const HEAD = 34;
const LABEL_CHARACTERS = 42;

/** A waterfall as SVG, for places where no script runs. Text is in the colour of what stands around. See `waterfall`. */
export function waterfallSvg(shap: ShapValues, row: number, top: number, unit: string): string {
  const { base, prediction, steps, restCount } = waterfallSteps(shap, row, top);
  const ends = [base, ...steps.map((step) => step.to)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (value: number): number => LABELS + NUMBERS + ((value - low) / (high - low || 1)) * BARS;
  const height = HEAD + ROW * steps.length + 6;
  const width = LABELS + BARS + 2 * NUMBERS;
  const rows = steps.map((step, i) => {
    const middle = HEAD + ROW * (i + 0.5);
    const says = step.column === null ? `${restCount} other features` : shap.columns[step.column].says;
    const lines = textLines(says, LABEL_CHARACTERS);
    const shown = lines.length <= 2 ? lines : [lines[0], `${lines[1].slice(0, LABEL_CHARACTERS - 1)}…`];
    const label = shown.map((line, k) => text(LABELS - 8, middle + (k - (shown.length - 1) / 2) * 13, line, 'end', 11)).join('');
    const left = Math.min(x(step.from), x(step.to));
    const wide = Math.max(1, Math.abs(x(step.to) - x(step.from)));
    const colour = step.share >= 0 ? effect.raises : effect.lowers;
    const bar = `<rect x="${round(left)}" y="${round(middle - 9)}" width="${round(wide)}" height="18" fill="${colour}"/>`;
    const beside =
      step.share >= 0
        ? text(left + wide + 4, middle, signed(step.share), 'start', 11)
        : text(left - 4, middle, signed(step.share), 'end', 11);
    const name = step.column === null ? '' : `, ${shap.columns[step.column].name}`;
    return `<g><title>${escapeMarkup(`${says}${name}: ${signed(step.share)}`)}</title>${label}${bar}${beside}</g>`;
  });
  const write = (value: number): string => `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;
  const line = (value: number, words: string, y: number): string => {
    const at = round(x(value));
    const anchor = value > (low + high) / 2 ? 'end' : 'start';
    return (
      `<path d="M${at} ${y + 8}V${height - 4}" stroke="${neutral.line}" stroke-dasharray="2 3" fill="none"/>` +
      text(at, y, `${words} ${write(value)}`, anchor, 11)
    );
  };
  const about = escapeMarkup(`From the average prediction ${write(base)} to ${write(prediction)}`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${about}" ` +
    `font-family="${escapeMarkup(fontFamily)}" style="max-width:100%;height:auto">` +
    `${line(base, 'average', 24)}${line(prediction, 'prediction', 9)}${rows.join('')}</svg>`
  );
}

function text(x: number, y: number, words: string, anchor: string, size: number): string {
  const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" dominant-baseline="central"`;
  return `<text ${place} font-size="${size}" fill="currentColor">${escapeMarkup(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
