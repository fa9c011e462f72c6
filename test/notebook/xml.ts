/** One element of an XML text, with its own character data. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** All elements of a well-formed XML text in document order. @throws Error at the first thing that is not well-formed. */
export function elements(xml: string): XmlElement[] {
  const all: XmlElement[] = [];
  const open: XmlElement[] = [];
  const token = /<\/([\w:-]+)>|<([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (match === null) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    const [, closing, opening, attributes, empty, text] = match;
    if (text !== undefined) {
      const inside = open.at(-1);
      if (inside === undefined) throw new Error('text outside of the root');
      inside.text += decode(text);
    } else if (closing !== undefined) {
      if (open.pop()?.name !== closing) throw new Error(`</${closing}> closes nothing`);
    } else {
      if (open.length === 0 && all.length > 0) throw new Error('two roots');
      const pairs = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name, decode(value)]);
      if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`an attribute twice in <${opening}>`);
      const element = { name: opening, attributes: Object.fromEntries(pairs) as Record<string, string>, text: '' };
      all.push(element);
      if (empty === '') open.push(element);
    }
  }
  if (open.length > 0) throw new Error(`<${open[0].name}> is not closed`);
  return all;
}

function decode(text: string): string {
  return text.replace(/&(#?\w*);?/g, (whole, name: string) => {
    if (/^#\d+$/.test(name) && whole.endsWith(';')) return String.fromCodePoint(Number(name.slice(1)));
    if (!Object.hasOwn(ENTITIES, name) || !whole.endsWith(';')) throw new Error(`not an entity: ${whole}`);
    return ENTITIES[name];
  });
}
