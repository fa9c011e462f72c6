import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabelLine } from '../../src/micro/label-line.js';
import { type LabelPlan, planUnits } from '../../src/micro/label-plan.js';
import { labelSettings, settingsHash } from '../../src/micro/label-settings.js';
import { mergeLabels } from '../../src/micro/merge-labels.js';
import { TASK_METRICS } from '../../src/micro/unit.js';

export const SMALL_PLAN: LabelPlan = { family: 'E2P', count: 12, tasks: ['cls', 'den'], seeds: [1, 2], testSeeds: [3] };
/** Which unit of a plan `inventedLines` says has diverged. */
export const DIVERGED = 5;

/** What training would have written, with invented values. */
export function inventedLines(plan: LabelPlan = SMALL_PLAN): LabelLine[] {
  return planUnits(plan).map((unit, i) => ({
    ...unit,
    status: i === DIVERGED ? 'diverged' : 'ok',
    values: Object.fromEntries(TASK_METRICS[unit.task].map((metric) => [metric, i === DIVERGED ? null : 10 + i / 3])),
    settings: settingsHash(labelSettings(unit.family, unit.task)),
    seconds: 0.5,
  }));
}

/** A table of twelve E2P networks in a folder, without proxies. */
export async function smallTable(folder: string): Promise<void> {
  const shards = mkdtempSync(join(tmpdir(), 'nascope-shards-'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(shards, 'E2P-0-of-1.jsonl'),
    inventedLines()
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
  await mergeLabels(SMALL_PLAN, { in: shards, out: folder });
  rmSync(shards, { recursive: true });
}
