import { type Benchmark, FAILED } from '../../data/benchmark.js';
import { describe, picture } from '../cell-picture.js';
import { escapeMarkup } from '../escape.js';
import { neutral } from '../theme.js';
import type { CardContent, Label } from './card-content.js';
import { rankText } from './rank.js';
import { waterfallSvg } from './waterfall-svg.js';

const TOP = 8;
const SMALL = 'font-size:12px';
const LINE = `border-top:1px solid ${neutral.faint}`;

/** The card as HTML: styles stand on the elements, since no page's style sheet can be counted on. */
export function cardHtml(content: CardContent): string {
  const { bench, row, target, prediction, near } = content;
  const encodings = content.encodings.map(
    ({ says, text }) => `<div style="${SMALL}">${escapeMarkup(says)}: <code>${escapeMarkup(text)}</code></div>`,
  );
  const head = `<div style="font-size:16px;font-weight:600">${escapeMarkup(titleOf(bench))}</div>`;
  const parts = [
    head,
    encodings.join(''),
    picture(bench.graphs[row]),
    ...(prediction === null
      ? []
      : [
          section(
            `Predicted ${target.says}`,
            predictionLines(content)
              .map((line) => `<div>${escapeMarkup(line)}</div>`)
              .join(''),
          ),
          ...(prediction.shap === null ? [] : [waterfallSvg(prediction.shap, 0, TOP, target.unit)]),
        ]),
    section('Known about it', labelsHtml(content.labels)),
    ...(near.length === 0 ? [] : [section('Most like it, by their features', nearHtml(content))]),
  ];
  return `<div class="nascope-card" style="max-width:860px;display:grid;gap:10px;justify-items:start">${parts.map((part) => `<div style="max-width:100%;overflow-x:auto">${part}</div>`).join('')}</div>`;
}

export function cardText(content: CardContent): string {
  const { bench, row, near, prediction, target } = content;
  const lines = [
    titleOf(bench),
    ...content.encodings.map(({ says, text }) => `  ${says}: ${text}`),
    `  ${describe(bench.graphs[row])}`,
    ...(prediction === null ? [] : predictionLines(content).map((line) => `  predicted ${target.name}: ${line}`)),
    ...content.labels
      .filter(({ value }) => !Number.isNaN(value))
      .map(
        ({ column, value, rank }) =>
          `  ${column.name} ${valueText(value, column.unit)}${rank === null ? '' : `, ${rankText(rank)}`}`,
      ),
    ...near.map((other) => `  near: ${bench.archs[other.row]}, ${target.name} ${valueText(other.value, target.unit)}`),
  ];
  return lines.join('\n');
}

function titleOf(bench: Benchmark): string {
  return `An architecture of ${[bench.title, bench.dataset].filter((part) => part !== '').join(', ')}`;
}

function section(title: string, html: string): string {
  return `<div style="font-weight:600;padding-top:6px;margin-bottom:4px">${escapeMarkup(title)}</div>${html}`;
}

function predictionLines({ prediction, target, labels }: CardContent): string[] {
  if (prediction === null) return [];
  const known = labels.find(({ column }) => column.name === target.name)?.value ?? Number.NaN;
  const measured = Number.isNaN(known) ? '' : ` (measured: ${valueText(known, target.unit)})`;
  const { spread } = prediction;
  return [
    `${valueText(prediction.value, target.unit)}${measured}`,
    ...(spread === null
      ? []
      : [
          `10th to 90th percentile of the ${spread.trees} trees: ${valueText(spread.low, '')} to ${valueText(spread.high, target.unit)}; how much the trees disagree, not a confidence interval`,
        ]),
  ];
}

/** In columns as wide as they need to be, as many as fit. */
function labelsHtml(labels: readonly Label[]): string {
  const present = labels.filter(({ value }) => !Number.isNaN(value));
  const items = present.map(({ column, value, rank }) => {
    const better = column.direction === 'none' ? '' : `, ${column.direction} is better`;
    const about = escapeMarkup(`${column.says}${better}`);
    const name = column.name === column.says ? '' : ` title="${about}"`;
    const place =
      rank === null
        ? ''
        : `<span style="opacity:0.7">${rankText(rank)} ${column.direction === 'lower' ? '(low is good)' : ''}</span>`;
    return (
      `<div style="break-inside:avoid;display:flex;justify-content:space-between;gap:10px;${LINE};padding:1px 0"${name}>` +
      `<span>${escapeMarkup(column.name)}</span><span style="text-align:right;white-space:nowrap">${escapeMarkup(valueText(value, column.unit))} ${place}</span></div>`
    );
  });
  const missing = labels.length - present.length;
  const note =
    missing === 0 ? '' : `<div style="${SMALL};opacity:0.7">${missing} more have no value for this architecture.</div>`;
  return `<div style="columns:2 320px;column-gap:28px;width:820px;max-width:100%;${SMALL}">${items.join('')}</div>${note}`;
}

function nearHtml({ bench, near, target }: CardContent): string {
  const items = near.map((other) => {
    const place = other.rank === null ? '' : `, ${rankText(other.rank)}`;
    const said = `${target.name} ${valueText(other.value, target.unit)}${place}`;
    const distance = `distance ${Number(other.distance.toPrecision(3))}, ${other.differing} features differ`;
    return (
      `<figure style="margin:0 0 10px 0"><div style="max-width:400px">${picture(bench.graphs[other.row])}</div>` +
      `<figcaption style="${SMALL}">${escapeMarkup(said)}<br/><span style="opacity:0.7">${escapeMarkup(distance)}<br/>` +
      `<code>${escapeMarkup(bench.archs[other.row])}</code></span></figcaption></figure>`
    );
  });
  return `<div style="display:flex;flex-wrap:wrap;gap:20px">${items.join('')}</div>`;
}

function valueText(value: number, unit: string): string {
  if (Number.isNaN(value)) return 'missing';
  if (value === FAILED) return 'failed';
  return `${Number(value.toPrecision(5))}${unit === '' ? '' : ` ${unit}`}`;
}
