import type { WorkOptions } from '../core/base/progress.js';
import { microFamilyNamed } from '../core/spaces/micro/index.js';
import type { LabelLine } from './label-line.js';
import type { LabelUnit } from './label-plan.js';
import { type LabelSettings, labelSettings, settingsHash } from './label-settings.js';
import { SceneSource, type TestSets, testSets } from './scenes.js';
import { trainUnit } from './train.js';
import type { UnitResult } from './unit.js';

/** Scenes are kept for the next network: 23 MB a seed and strength of noise. More than these are drawn anew each time. */
const SOURCES_KEPT = 12;

const tests = new Map<string, TestSets>();
const sources = new Map<string, SceneSource>();

/** Trains one unit. The numbers depend on the unit and the settings alone. @throws ParseError when the architecture is none. */
export async function labelUnit(
  unit: LabelUnit,
  settings: LabelSettings = labelSettings(unit.family, unit.task),
  options: WorkOptions = {},
): Promise<LabelLine> {
  const started = performance.now();
  const { status, metrics } = await trainLabel(unit, settings, options);
  return {
    family: unit.family,
    arch: unit.arch,
    task: unit.task,
    seed: unit.seed,
    status,
    values: Object.fromEntries(metrics.map(({ metric, value }) => [metric, value])),
    settings: settingsHash(settings),
    seconds: Math.round(performance.now() - started) / 1000,
  };
}

/** The same, with all that the training tells. */
export async function trainLabel(
  { family, arch, task, seed }: LabelUnit,
  settings: LabelSettings,
  { signal, onProgress }: WorkOptions = {},
): Promise<UnitResult> {
  const made = microFamilyNamed(family);
  const graph = made.toCompute(made.parse(arch), task === 'cls' ? 'classes' : 'pixels');
  const scenes = sourceOf(seed, settings).task(task);
  return trainUnit({
    graph,
    task,
    seed,
    scenes,
    settings: settings.train,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : { onEpoch: ({ done, total, loss }) => onProgress({ done, total, label: `epoch ${done}, loss ${loss.toPrecision(3)}` }) }),
  });
}

function sourceOf(seed: number, { scenes, train }: LabelSettings): SceneSource {
  const testKey = JSON.stringify(scenes);
  let sets = tests.get(testKey);
  if (sets === undefined) {
    sets = testSets(scenes);
    tests.set(testKey, sets);
  }
  const key = `${seed} ${train.scenesPerEpoch} ${testKey}`;
  let source = sources.get(key);
  if (source === undefined) {
    if (sources.size >= SOURCES_KEPT) sources.delete(sources.keys().next().value as string);
    source = new SceneSource(seed, scenes, train.scenesPerEpoch, sets);
    sources.set(key, source);
  }
  return source;
}
