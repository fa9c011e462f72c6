/** A point of the unit box: right, down. */
export type Point = readonly [x: number, y: number];

/**
 * A stroke by its control points. `line` goes straight from one to the next; `arc` is the smooth curve (a quadratic
 * B-spline) that starts at the first, ends at the last, and is drawn towards those between; `loop` is the same, closed.
 */
export interface Stroke {
  readonly kind: 'line' | 'arc' | 'loop';
  readonly points: readonly Point[];
}

export interface Glyph {
  readonly name: string;
  readonly strokes: readonly Stroke[];
}

/** Ten signs of few strokes, after the digits: some are told apart by the whole figure, some by one bend. */
export const GLYPHS: readonly Glyph[] = [
  {
    name: 'zero',
    strokes: [
      {
        kind: 'loop',
        points: [
          [0.12, -0.04],
          [0.88, -0.04],
          [0.88, 1.04],
          [0.12, 1.04],
        ],
      },
    ],
  },
  {
    name: 'one',
    strokes: [
      {
        kind: 'line',
        points: [
          [0.28, 0.24],
          [0.55, 0],
          [0.55, 1],
        ],
      },
    ],
  },
  {
    name: 'two',
    strokes: [
      {
        kind: 'arc',
        points: [
          [0.18, 0.28],
          [0.2, -0.08],
          [0.9, -0.1],
          [0.85, 0.5],
          [0.15, 1],
        ],
      },
      {
        kind: 'line',
        points: [
          [0.15, 1],
          [0.87, 1],
        ],
      },
    ],
  },
  {
    name: 'three',
    strokes: [
      {
        kind: 'arc',
        points: [
          [0.18, 0.06],
          [0.95, -0.12],
          [0.9, 0.5],
          [0.42, 0.48],
        ],
      },
      {
        kind: 'arc',
        points: [
          [0.42, 0.48],
          [1, 0.42],
          [0.98, 1.14],
          [0.14, 0.95],
        ],
      },
    ],
  },
  {
    name: 'four',
    strokes: [
      {
        kind: 'line',
        points: [
          [0.66, 1],
          [0.66, 0],
          [0.12, 0.68],
          [0.92, 0.68],
        ],
      },
    ],
  },
  {
    name: 'five',
    strokes: [
      {
        kind: 'line',
        points: [
          [0.82, 0],
          [0.26, 0],
          [0.23, 0.44],
        ],
      },
      {
        kind: 'arc',
        points: [
          [0.23, 0.44],
          [1, 0.26],
          [0.98, 1.14],
          [0.14, 0.95],
        ],
      },
    ],
  },
  {
    name: 'six',
    strokes: [
      {
        kind: 'arc',
        points: [
          [0.74, 0.02],
          [0.12, 0.2],
          [0.12, 1.06],
          [0.9, 1.08],
          [0.92, 0.42],
          [0.3, 0.46],
          [0.2, 0.72],
        ],
      },
    ],
  },
  {
    name: 'seven',
    strokes: [
      {
        kind: 'line',
        points: [
          [0.14, 0],
          [0.86, 0],
          [0.4, 1],
        ],
      },
    ],
  },
  {
    name: 'eight',
    strokes: [
      {
        kind: 'loop',
        points: [
          [0.22, -0.03],
          [0.78, -0.03],
          [0.8, 0.48],
          [0.2, 0.48],
        ],
      },
      {
        kind: 'loop',
        points: [
          [0.15, 0.46],
          [0.85, 0.46],
          [0.9, 1.03],
          [0.1, 1.03],
        ],
      },
    ],
  },
  {
    name: 'nine',
    strokes: [
      {
        kind: 'arc',
        points: [
          [0.26, 0.98],
          [0.88, 0.8],
          [0.88, -0.06],
          [0.1, -0.08],
          [0.08, 0.58],
          [0.7, 0.54],
          [0.8, 0.28],
        ],
      },
    ],
  },
];
