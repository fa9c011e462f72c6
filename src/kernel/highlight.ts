import { escapeMarkup } from '../notebook/escape.js';

/** One alternative a token class; what none of them takes is plain. Good enough to read by, not a parser. */
const TOKENS: RegExp = new RegExp(
  [
    /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))/,
    /(?<string>'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?|`(?:[^`\\]|\\[\s\S])*`?)/,
    /(?<number>\b(?:0[xob][\da-f_]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?)\b)/,
    /(?<keyword>\b(?:abstract|as|async|await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|finally|for|from|function|if|implements|import|in|instanceof|interface|let|new|of|return|static|switch|throw|try|type|typeof|var|void|while|yield)\b)/,
    /(?<constant>\b(?:true|false|null|undefined|this|NaN)\b)/,
    /(?<call>[A-Za-z_$][\w$]*(?=\s*\())/,
    /(?<name>[A-Za-z_$][\w$]*)/,
  ]
    .map((token) => token.source)
    .join('|'),
  'g',
);

/** TypeScript as HTML, escaped, with a span a token. */
export function highlight(source: string): string {
  let html = '';
  let at = 0;
  for (const match of source.matchAll(TOKENS)) {
    html += escapeMarkup(source.slice(at, match.index));
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    const text = escapeMarkup(match[0]);
    html += kind === 'name' ? text : `<span class="${kind}">${text}</span>`;
    at = match.index + match[0].length;
  }
  return html + escapeMarkup(source.slice(at));
}
