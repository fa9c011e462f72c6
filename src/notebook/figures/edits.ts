import type { Edits } from '../../core/explain/edits.js';
import type { ArchId } from '../../core/spaces/space.js';
import { picture } from '../cell-picture.js';
import { escapeMarkup } from '../escape.js';
import type { HtmlView } from '../html-view.js';
import { effect } from '../theme.js';
import { greatest } from './feature-labels.js';

export interface EditPicturesOptions<Id extends string = string> {
  /** How many edits, the best ones (3 unless said). */
  readonly top?: number;
  /** What is predicted: `val_acc`, and its unit. */
  readonly target?: string;
  readonly unit?: string;
  /** An architecture's true value, where it is known (NaN where not): shown beside what was promised. */
  readonly truth?: (arch: ArchId<Id>) => number;
}

const SMALL = 'font-size:12px';
const FAINT = 'opacity:0.75';

/**
 * The edits that a model believes in, as pictures: the architecture as it is, then the best changes with what changed framed,
 * what the model promises and, where the truth is known, whether it came true.
 * @throws ShapeError when `top` is not a positive whole number.
 */
export function editPictures<Id extends string>(of: Edits<Id>, options: EditPicturesOptions<Id> = {}): HtmlView {
  const { space, arch, edits, better } = of;
  const { target = 'prediction', unit = '', truth } = options;
  const ranks = greatest(
    Float64Array.from(edits, (_, i) => -i),
    options.top ?? 3,
    'editPictures',
  );
  const known = (which: ArchId<Id>): number => truth?.(which) ?? Number.NaN;
  const value = (number: number): string => `${Number(number.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;
  const change = (number: number): string => `${number > 0 ? '+' : number < 0 ? '−' : '±'}${value(Math.abs(number))}`;
  const before = picture(space.toGraph(arch));
  const isBetter = (number: number): boolean => (better === 'higher' ? number > 0 : number < 0);
  const trueBefore = known(arch);
  const shown = ranks.map((i) => {
    const edit = edits[i];
    const { says } = edit;
    const really = known(edit.to) - trueBefore;
    const came = Number.isNaN(really)
      ? ''
      : `${isBetter(really) ? '✓ came true' : '✗ did not come true'}: really ${change(really)}`;
    return { ...edit, says, came, kept: isBetter(really) };
  });
  const start = `${target} predicted ${value(of.predicted)}${Number.isNaN(trueBefore) ? '' : `, really ${value(trueBefore)}`}`;
  const panel = (svg: string, title: string, lines: readonly string[]): string =>
    `<figure style="margin:0;flex:0 1 400px;min-width:260px"><div style="font-weight:600;margin-bottom:4px">${title}</div>${svg}` +
    `<figcaption style="${SMALL};margin-top:4px">${lines.map((line) => `<div>${line}</div>`).join('')}</figcaption></figure>`;
  const panels = shown.map(({ to, says, change: promised, came, kept }, k) =>
    panel(
      framed(before, picture(space.toGraph(to)), isBetter(promised) ? effect.raises : effect.lowers),
      `${k + 1}. ${escapeMarkup(says)}`,
      [
        `promised ${escapeMarkup(change(promised))}`,
        ...(came === '' ? [] : [`<span style="font-weight:600;${kept ? '' : FAINT}">${escapeMarkup(came)}</span>`]),
      ],
    ),
  );
  const head = panel(before, 'As it is', [escapeMarkup(start), `<code style="${FAINT}">${escapeMarkup(arch)}</code>`]);
  const more = edits.length - shown.length;
  const foot = more <= 0 ? '' : `<div style="${SMALL};${FAINT}">${more} other edits promise less.</div>`;
  return {
    kind: 'html-view',
    html: `<div style="max-width:1300px;display:grid;gap:10px"><div style="display:flex;flex-wrap:wrap;gap:18px 28px;align-items:flex-start">${head}${panels.join('')}</div>${foot}</div>`,
    text: [
      `${arch}: ${start}`,
      ...shown.map(
        ({ says, change: promised, came }, k) =>
          `  ${k + 1}. ${says}: promised ${change(promised)}${came === '' ? '' : `; ${came}`}`,
      ),
      ...(more <= 0 ? [] : [`  ${more} other edits promise less.`]),
    ].join('\n'),
  };
}

/** A shape of a picture: what it is, on hover, and its box. */
const SHAPE = /<g><title>([^<]*)<\/title><rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"[^>]*\/>/g;
const FRAME_PX = 3.5;

/** The picture after an edit, with a frame around what is not in the picture before it. */
function framed(before: string, after: string, colour: string): string {
  const had = new Set(Array.from(before.matchAll(SHAPE), ([, says]) => says));
  return after.replace(SHAPE, (shape: string, says: string, ...box: string[]) => {
    if (had.has(says)) return shape;
    const [x, y, width, height] = box.slice(0, 4).map(Number);
    const place = `x="${x - FRAME_PX}" y="${y - FRAME_PX}" width="${width + 2 * FRAME_PX}" height="${height + 2 * FRAME_PX}"`;
    return `${shape}<rect class="edited" ${place} rx="9" fill="none" stroke="${colour}" stroke-width="2.5"/>`;
  });
}
