import { Marked, type Tokens } from 'marked';
import { escapeMarkup } from '../notebook/escape.js';
import type { MimeData } from './notebook-file.js';

export interface Heading {
  readonly id: string;
  readonly depth: number;
  /** Plain text. */
  readonly text: string;
}

export interface RenderedMarkdown {
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** Picture types that a browser only ever shows, never runs, when they are in an image element. */
const PICTURES = /^(?:png|jpeg|gif|webp|svg\+xml)$/;

/**
 * Markdown as HTML. Raw HTML in it is shown as the text that it is; links lead to http(s), mail or places on the page;
 * pictures are those that the notebook itself carries. So nothing in it can run, and nothing is fetched.
 * @param isTaken tells which ids the page has already; the new headings get others.
 */
export function markdownHtml(
  source: string,
  attachments: Readonly<Record<string, MimeData>>,
  isTaken: (id: string) => boolean,
): RenderedMarkdown {
  const headings: Heading[] = [];
  const marked = new Marked({ gfm: true });
  marked.use({
    renderer: {
      html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeMarkup(text),
      heading({ tokens, depth }: Tokens.Heading) {
        const text = plainText(tokens);
        const id = freshId(text, (candidate) => isTaken(candidate) || headings.some((heading) => heading.id === candidate));
        headings.push({ id, depth, text });
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens);
        return /^(?:https?:\/\/|mailto:|#)/i.test(href) ? `<a href="${escapeMarkup(href)}" rel="noreferrer">${inner}</a>` : inner;
      },
      image({ href, text }: Tokens.Image) {
        const source = pictureSource(href, attachments);
        return source === null
          ? `<span>[${escapeMarkup(text || 'picture')}]</span>`
          : `<img alt="${escapeMarkup(text)}" src="${escapeMarkup(source)}">`;
      },
    },
  });
  const html = marked.parse(source, { async: false });
  return { html, headings };
}

function pictureSource(href: string, attachments: Readonly<Record<string, MimeData>>): string | null {
  const inline = /^data:image\/([a-z+]+);base64,[A-Za-z0-9+/=]+$/.exec(href);
  if (inline !== null) return PICTURES.test(inline[1]) ? href : null;
  const name = /^attachment:(.+)$/.exec(href)?.[1];
  if (name === undefined || !Object.hasOwn(attachments, name)) return null;
  const found = Object.entries(attachments[name]).find(([mime]) => mime.startsWith('image/') && PICTURES.test(mime.slice(6)));
  return found === undefined ? null : pictureSource(`data:${found[0]};base64,${String(found[1]).replace(/\s/g, '')}`, {});
}

function plainText(tokens: readonly Tokens.Generic[]): string {
  return tokens.map((token) => (token.tokens === undefined ? String(token.text ?? token.raw) : plainText(token.tokens))).join('');
}

function freshId(text: string, isTaken: (id: string) => boolean): string {
  const base =
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'section';
  let id = base;
  for (let n = 2; isTaken(id); n++) id = `${base}-${n}`;
  return id;
}
