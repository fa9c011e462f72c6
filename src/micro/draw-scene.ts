import type { Rng } from '../core/base/rng.js';
import { SCENE_SIDE } from '../core/spaces/micro/index.js';
import { gaussian } from './exact-math.js';
import { GLYPHS, type Point, type Stroke } from './glyphs.js';
import type { SceneSettings } from './scene-settings.js';

/** Pieces into which each bend of a curve is cut. */
const PIECES = 5;

/**
 * Draws one scene without noise: `clean` holds the glyph alone, `seen` also the strokes that belong to none. Both are
 * `SCENE_SIDE` squared values, row by row, 0 the ground. All from `rng`, by arithmetic that is the same on every machine.
 */
export function drawScene(label: number, settings: SceneSettings, rng: Rng, clean: Float32Array, seen: Float32Array): void {
  clean.fill(0);
  const width = between(rng, settings.strokeWidth);
  const ink = between(rng, settings.ink);
  const place = placement(settings, rng);
  for (const stroke of GLYPHS[label].strokes) {
    const points = stroke.points.map(([x, y]): Point => {
      const dx = settings.pointJitter * gaussian(rng);
      return place(x + dx, y + settings.pointJitter * gaussian(rng));
    });
    lay(clean, flattened({ kind: stroke.kind, points }), width, ink);
  }
  seen.set(clean);
  const [fewest, most] = settings.distractors;
  const distractors = fewest + rng.int(most - fewest + 1);
  for (let d = 0; d < distractors; d++) {
    const start: Point = [SCENE_SIDE * rng.uniform(), SCENE_SIDE * rng.uniform()];
    const [dx, dy] = direction(rng);
    const length = between(rng, settings.distractorLength);
    const end: Point = [start[0] + length * dx, start[1] + length * dy];
    lay(seen, [start, end], between(rng, settings.strokeWidth), between(rng, settings.ink));
  }
}

/** Points of the unit box -> points of the canvas: scaled, sheared, turned, shifted. */
function placement(settings: SceneSettings, rng: Rng): (x: number, y: number) => Point {
  const { glyphHeight, aspect, shift, halfTurn } = settings;
  const scale = glyphHeight * between(rng, settings.scale);
  const shear = settings.shear * (2 * rng.uniform() - 1);
  // By the tangent of half the angle, cosine and sine are quotients.
  const t = halfTurn * (2 * rng.uniform() - 1);
  const cosine = (1 - t * t) / (1 + t * t);
  const sine = (2 * t) / (1 + t * t);
  const atX = SCENE_SIDE / 2 + shift * (2 * rng.uniform() - 1);
  const atY = SCENE_SIDE / 2 + shift * (2 * rng.uniform() - 1);
  return (x, y) => {
    const v = scale * (y - 0.5);
    const u = scale * aspect * (x - 0.5) + shear * v;
    return [atX + cosine * u - sine * v, atY + sine * u + cosine * v];
  };
}

/** The corners of a line of short straight pieces. */
function flattened({ kind, points }: Stroke): Point[] {
  if (kind === 'line') return [...points];
  const n = points.length;
  const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const corners: Point[] = [];
  const bend = (from: Point, towards: Point, to: Point): void => {
    for (let i = 0; i <= PIECES; i++) {
      if (i === 0 && corners.length > 0) continue;
      const t = i / PIECES;
      const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
      corners.push([a * from[0] + b * towards[0] + c * to[0], a * from[1] + b * towards[1] + c * to[1]]);
    }
  };
  if (kind === 'loop') {
    for (let i = 0; i < n; i++) {
      const [before, here, after] = [points[(i + n - 1) % n], points[i], points[(i + 1) % n]];
      bend(middle(before, here), here, middle(here, after));
    }
  } else {
    for (let i = 1; i < n - 1; i++) {
      const from = i === 1 ? points[0] : middle(points[i - 1], points[i]);
      bend(from, points[i], i === n - 2 ? points[n - 1] : middle(points[i], points[i + 1]));
    }
  }
  return corners;
}

/** Lays strokes on the canvas: a pixel takes the share of the pen's width that covers its centre's surroundings, over a pixel. */
function lay(canvas: Float32Array, corners: readonly Point[], width: number, ink: number): void {
  const reach = width / 2 + 0.5;
  for (let i = 0; i + 1 < corners.length; i++) {
    const [ax, ay] = corners[i];
    const [bx, by] = corners[i + 1];
    const [dx, dy] = [bx - ax, by - ay];
    const squared = dx * dx + dy * dy;
    const top = Math.max(0, Math.ceil(Math.min(ay, by) - reach - 0.5));
    const bottom = Math.min(SCENE_SIDE - 1, Math.floor(Math.max(ay, by) + reach - 0.5));
    const left = Math.max(0, Math.ceil(Math.min(ax, bx) - reach - 0.5));
    const right = Math.min(SCENE_SIDE - 1, Math.floor(Math.max(ax, bx) + reach - 0.5));
    for (let row = top; row <= bottom; row++) {
      const py = row + 0.5 - ay;
      for (let column = left; column <= right; column++) {
        const px = column + 0.5 - ax;
        const along = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
        const ex = px - along * dx;
        const ey = py - along * dy;
        const value = ink * Math.min(1, reach - Math.sqrt(ex * ex + ey * ey));
        const at = row * SCENE_SIDE + column;
        if (value > canvas[at]) canvas[at] = value;
      }
    }
  }
}

/** A unit vector, any direction alike: a point of the disc, by refusal. */
function direction(rng: Rng): Point {
  for (;;) {
    const x = 2 * rng.uniform() - 1;
    const y = 2 * rng.uniform() - 1;
    const squared = x * x + y * y;
    if (squared > 1e-4 && squared <= 1) return [x / Math.sqrt(squared), y / Math.sqrt(squared)];
  }
}

function between(rng: Rng, [least, most]: readonly [number, number]): number {
  return least + (most - least) * rng.uniform();
}
