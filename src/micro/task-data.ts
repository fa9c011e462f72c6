import type { TensorShape } from '../core/ir/compute-graph.js';

/** What networks are trained for: naming the glyph, taking the noise away, marking the stroke. */
export type TaskId = 'cls' | 'den' | 'seg';

/**
 * Scenes, one after the other: `x` holds height x width x channels numbers each, channels last. `y` holds the class
 * of each (cls), or for each pixel the clean value (den) or 0 and 1 (seg).
 */
export interface Scenes {
  readonly x: Float32Array;
  readonly y: Int32Array | Float32Array;
}

/** Scenes that are the same for every network and every seed. */
export interface TestScenes extends Scenes {
  readonly count: number;
}

/**
 * The scenes of one task and one seed. The same object gives the same scenes every time it is asked, so that it can serve
 * any number of networks.
 */
export interface TaskData {
  readonly task: TaskId;
  /** Of a scene: `[height, width, channels]`. */
  readonly input: TensorShape;
  /** What a network must give: `[classes]` (cls), `[height, width, 1]` (den, seg). */
  readonly output: TensorShape;
  /**
   * The training scenes of a step, `size` of them. What it returns may be overwritten by the next call.
   * @param epoch from 0. @param step from 0 in each epoch.
   */
  batch(epoch: number, step: number, size: number): Scenes;
  readonly test: TestScenes;
  /** The same, under stronger noise; only cls has them. */
  readonly noisyTest: TestScenes | null;
}
