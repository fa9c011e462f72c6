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

/** What raises a prediction and what lowers it; told apart with any kind of colour vision. */
export const effect: { readonly raises: string; readonly lowers: string } = { raises: '#D55E00', lowers: '#2B83C6' };

export type ColourScale = readonly (readonly [number, string])[];

/** Low to high around a middle, in the colours of `effect`. No part vanishes on white or on near-black. */
export const lowToHigh: ColourScale = [
  [0, '#2B83C6'],
  [0.5, '#A79AA8'],
  [1, '#D55E00'],
];

/** Few to many, or small to great: lightness rises along it, so that it reads without hue too. */
export const rising: ColourScale = [
  [0, '#3B6FB6'],
  [0.5, '#2FA39A'],
  [1, '#F0C230'],
];

/** What a figure wears on paper: dark ink, a plain font, sizes in millimetres and points. */
export const print: {
  readonly text: string;
  readonly line: string;
  readonly faint: string;
  readonly paper: string;
  readonly fontFamily: string;
  /** Of ticks and axis titles. */
  readonly fontPt: number;
  readonly widthMm: { readonly column: number; readonly page: number };
  /** Of pictures made of dots. */
  readonly dotsPerInch: number;
} = {
  text: '#1a1a1a',
  line: '#4d4d4d',
  faint: '#dddddd',
  paper: '#ffffff',
  fontFamily: 'Arial, Helvetica, "Liberation Sans", sans-serif',
  fontPt: 7,
  widthMm: { column: 84, page: 174 },
  dotsPerInch: 300,
};

/** The colour of each name, in the order of first appearance; the same names give the same colours. */
export function colours(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...new Set(names)].map((name, i) => [name, palette[i % palette.length]]));
}

/** A colour (`#rrggbb`) that lets what lies behind it through. */
export function translucent(colour: string, opacity: number): string {
  return `rgba(${channels(colour).join(', ')}, ${opacity})`;
}

/** Black or white, whichever reads better on the colour (`#rrggbb`), by relative luminance (WCAG 2.2). */
export function inkOn(colour: string): string {
  const [r, g, b] = channels(colour).map((channel) => {
    const c = channel / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#ffffff' : '#101418';
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
