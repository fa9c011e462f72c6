/** How every network of the benchmark is trained; part of the hash that a label carries. */
export interface TrainSettings {
  readonly epochs: number;
  /** Steps of an epoch: as many whole batches as it has scenes for. */
  readonly scenesPerEpoch: number;
  readonly batch: number;
  /** At the first step; falls to 0 along half a cosine, step by step. */
  readonly learningRate: number;
  /** Of Nesterov. */
  readonly momentum: number;
  /** On every weight, those of batch norm and biases too. */
  readonly weightDecay: number;
}

/** Version 1, 465 steps; a label's own epochs and learning rate are its family's and task's (label-settings.ts). */
export const SETTINGS_V1: TrainSettings = {
  epochs: 15,
  scenesPerEpoch: 1_000,
  batch: 32,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 5e-4,
};
