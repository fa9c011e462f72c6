/**
 * Colours told apart by readers with any kind of colour vision (Okabe and Ito 2008), in an order that also steps in lightness.
 * All stand out on white and on near-black.
 */
export const palette: readonly string[] = [
  '#0072B2',
  '#E69F00',
  '#009E73',
  '#CC79A7',
  '#56B4E9',
  '#D55E00',
  '#8C8C8C',
  '#B8A800',
];

/** Text and lines that can be read on white and on near-black: a figure does not know which page it will stand on. */
export const neutral: { readonly text: string; readonly line: string; readonly faint: string } = {
  text: '#768390',
  line: '#8b949e',
  faint: 'rgba(139, 148, 158, 0.25)',
};

export const fontFamily = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** The colour of each name, in the order of first appearance; the same names give the same colours. */
export function colours(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...new Set(names)].map((name, i) => [name, palette[i % palette.length]]));
}

/** Black or white, whichever reads better on the colour (`#rrggbb`), by relative luminance (WCAG 2.2). */
export function inkOn(colour: string): string {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#ffffff' : '#101418';
}
