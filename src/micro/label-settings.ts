import { readFileSync } from 'node:fs';
import type { MicroFamilyId } from '../core/spaces/micro/index.js';
import { sha256 } from '../data/file-hash.js';
import { ENGINE_VERSION } from './engine/version.js';
import { GLYPHS } from './glyphs.js';
import { SCENES_V1, type SceneSettings } from './scene-settings.js';
import type { TaskId } from './task-data.js';
import { SETTINGS_V1, type TrainSettings } from './train-settings.js';

/** All that the labels of a family and task depend on besides the unit itself. */
export interface LabelSettings {
  readonly family: MicroFamilyId;
  readonly task: TaskId;
  /** Raised when the networks around the cells change. */
  readonly networks: 1;
  readonly scenes: SceneSettings;
  readonly train: TrainSettings;
}

/** Where labels differ: the standard deviation of the noise on the scenes, the first learning rate, the epochs. */
interface Schooling {
  readonly noise: number;
  readonly learningRate: number;
  readonly epochs: number;
}

/**
 * How the cells of E201, E101 and E2P are trained. Found on 30 to 60 E201 networks, so that two seeds rank them alike and they
 * lie well apart. With little noise every network takes it away equally well; with a higher rate the squared error of `den`
 * diverges.
 */
const CELLS: Readonly<Record<TaskId, Schooling>> = {
  cls: { noise: 0.1, learningRate: 0.06, epochs: 20 },
  den: { noise: 0.5, learningRate: 0.04, epochs: 30 },
  seg: { noise: 0.3, learningRate: 0.04, epochs: 20 },
};

/**
 * How EMB's blocks are, found on 16 to 24 of its networks: depthwise convolutions settle late, and trained no longer than the
 * cells two seeds of the same network end points apart. The squared error of `den` diverges from a rate of .2 on.
 */
const BLOCKS: Readonly<Record<TaskId, Schooling>> = {
  cls: { noise: 0.1, learningRate: 0.2, epochs: 40 },
  den: { noise: 0.5, learningRate: 0.1, epochs: 30 },
  seg: { noise: 0.3, learningRate: 0.1, epochs: 30 },
};

const SCHOOLING: Readonly<Record<MicroFamilyId, Readonly<Record<TaskId, Schooling>>>> = {
  E201: CELLS,
  E101: CELLS,
  EMB: BLOCKS,
  E2P: CELLS,
};

/** What the labels of version 1 were made with. */
export function labelSettings(family: MicroFamilyId, task: TaskId): LabelSettings {
  const { noise, learningRate, epochs } = SCHOOLING[family][task];
  return {
    family,
    task,
    networks: 1,
    scenes: { ...SCENES_V1, noise },
    train: { ...SETTINGS_V1, epochs, learningRate },
  };
}

/**
 * One hash over the settings, the glyphs, the engine's version and its compiled bytes. Labels of different hashes are
 * never mixed in one table.
 */
export function settingsHash(settings: LabelSettings): string {
  return sha256(JSON.stringify([settings, GLYPHS, ENGINE_VERSION, engineHash()])).slice(0, 16);
}

let knownHash: string | undefined;

/** The sha256 of the compiled engine. */
export function engineHash(): string {
  knownHash ??= sha256(readFileSync(new URL('../../dist/wasm/engine.wasm', import.meta.url)));
  return knownHash;
}
