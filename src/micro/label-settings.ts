import { readFileSync } from 'node:fs';
import type { MicroFamilyId } from '../core/spaces/micro/index.js';
import { sha256 } from '../data/file-hash.js';
import { ENGINE_VERSION } from './engine/version.js';
import { GLYPHS } from './glyphs.js';
import { SCENES_V1, type SceneSettings } from './scene-settings.js';
import { SETTINGS_V1, type TrainSettings } from './train-settings.js';

/** All that a family's labels depend on besides the unit itself. */
export interface LabelSettings {
  readonly family: MicroFamilyId;
  /** Raised when the networks around the cells change. */
  readonly networks: 1;
  readonly scenes: SceneSettings;
  readonly train: TrainSettings;
}

/** What the labels of version 1 were made with: the same for all families. */
export function labelSettings(family: MicroFamilyId): LabelSettings {
  return { family, networks: 1, scenes: SCENES_V1, train: SETTINGS_V1 };
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
