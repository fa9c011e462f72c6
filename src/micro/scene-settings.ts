/** How scenes are drawn; lengths in pixels unless said. Ranges are uniform, `[least, most]`. Part of a label's settings. */
export interface SceneSettings {
  /** Height of a glyph at scale 1. */
  readonly glyphHeight: number;
  /** Width over height. */
  readonly aspect: number;
  readonly scale: readonly [number, number];
  /** Of the centre from the middle of the canvas, each way. */
  readonly shift: number;
  /** Tangent of half the greatest turn to either side: 0.1317 is 15 degrees. */
  readonly halfTurn: number;
  readonly shear: number;
  readonly strokeWidth: readonly [number, number];
  /** Standard deviation of each control point, in glyph heights. */
  readonly pointJitter: number;
  /** Brightness of the stroke; the ground is 0. */
  readonly ink: readonly [number, number];
  /** Short strokes that belong to no glyph; how many. */
  readonly distractors: readonly [number, number];
  readonly distractorLength: readonly [number, number];
  /** Standard deviation of the noise on every pixel. */
  readonly noise: number;
  /** The same in the second test set. */
  readonly strongNoise: number;
  readonly testScenes: number;
  /** A pixel belongs to the stroke when its clean value is greater. */
  readonly maskAbove: number;
}

/** Version 1. The glyphs of all tasks are these; the noise is the task’s own (label-settings.ts). */
export const SCENES_V1: SceneSettings = {
  glyphHeight: 8,
  aspect: 0.75,
  scale: [0.6, 1.1],
  shift: 3,
  halfTurn: 0.3,
  shear: 0.3,
  strokeWidth: [0.9, 1.5],
  pointJitter: 0.05,
  ink: [0.7, 1],
  distractors: [0, 0],
  distractorLength: [2, 4],
  noise: 0.1,
  strongNoise: 0.3,
  testScenes: 1_600,
  maskAbove: 0.25,
};
