import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { DataError } from '../../src/core/base/errors.js';
import { rng } from '../../src/core/base/rng.js';
import { generateLabels } from '../../src/micro/generate.js';
import { type LabelLine, parseLabelLines } from '../../src/micro/label-line.js';
import { type LabelPlan, planUnits, unitKey } from '../../src/micro/label-plan.js';
import { labelSettings, settingsHash } from '../../src/micro/label-settings.js';
import { mergeLabels } from '../../src/micro/merge-labels.js';

const bin = fileURLToPath(new URL('../../bin/nascope.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'nascope-generate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLAN: LabelPlan = { family: 'E201', count: 4, tasks: ['cls'], seeds: [1], testSeeds: [] };
const FILE = 'E201-0-of-1.jsonl';

/** The command of the built package in a process group of its own, working at the plan. */
function generate(out: string): ChildProcess {
  const plan = ['--family', 'E201', '--count', '4', '--tasks', 'cls', '--seeds', '1', '--test-seeds', 'none'];
  const child = spawn(process.execPath, [bin, 'microbench', 'generate', ...plan, '--workers', '2', '--quiet', '--out', out], {
    stdio: 'ignore',
    detached: true,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Whole lines; none while there is no file. */
function lines(out: string): LabelLine[] {
  const path = join(out, FILE);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return parseLabelLines(path, text.slice(0, text.lastIndexOf('\n') + 1));
}

/** What is kept of a line: all but the time it took, in an order that does not depend on the threads. */
function labels(out: string): string[] {
  return lines(out)
    .map(({ seconds, ...label }) => JSON.stringify(label))
    .sort();
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** Whether anything of a process group is left. */
function isAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

describe('labelling', () => {
  const whole = join(folder, 'whole');

  test('a run that is killed again and again ends with the labels of one that was let be, each of them once', async () => {
    expect(await exitCode(generate(whole))).toBe(0);
    expect(lines(whole).map(unitKey).sort()).toEqual(planUnits(PLAN).map(unitKey).sort());

    const out = join(folder, 'killed');
    const random = rng(7);
    let kills = 0;
    for (let run = 0; lines(out).length < PLAN.count; run++) {
      const before = lines(out).length;
      const child = generate(out);
      // Somewhere in the unit after the first new one.
      while (child.exitCode === null && lines(out).length === before) await sleep(10);
      await sleep(random.int(400));
      if (child.exitCode === null) kills++;
      child.kill('SIGKILL');
      await exitCode(child);
      // Also as if the disk had taken half of a line.
      if (run === 0) writeFileSync(join(out, FILE), `${JSON.stringify(lines(whole)[0]).slice(0, 50)}`, { flag: 'a' });
    }
    expect(kills).toBeGreaterThan(0);
    expect(await exitCode(generate(out))).toBe(0);
    expect(labels(out)).toEqual(labels(whole));
  }, 300_000);

  test('an interrupted run finishes what it is at, ends with code 130 and leaves nothing behind', async () => {
    const out = join(folder, 'interrupted');
    const child = generate(out);
    while (child.exitCode === null && lines(out).length === 0) await sleep(10);
    child.kill('SIGINT');
    expect(await exitCode(child)).toBe(130);
    expect(isAlive(child.pid as number)).toBe(false);
    expect(readFileSync(join(out, FILE), 'utf8').endsWith('\n')).toBe(true);
    // One had been written; each of the two threads was at another.
    expect(lines(out).length).toBeGreaterThan(0);
    expect(lines(out).length).toBeLessThanOrEqual(3);
    for (const label of labels(out)) expect(labels(whole)).toContain(label);
  }, 300_000);

  test('does not go on where labels of other settings are, and does not merge shards of which one is missing', async () => {
    const values = { 'cls.acc': 50, 'cls.nll': 1, 'cls.ece': 0.1, 'cls.acc_noise': 30 };
    const line = (arch: string, settings: string): string =>
      `${JSON.stringify({ family: 'E201', arch, task: 'cls', seed: 1, status: 'ok', values, settings, seconds: 1 })}\n`;
    const [first] = planUnits(PLAN);
    const mixed = join(folder, 'mixed');
    mkdirSync(mixed);
    writeFileSync(join(mixed, 'E201-0-of-2.jsonl'), line(first.arch, 'f'.repeat(16)));
    await expect(generateLabels(PLAN, { out: mixed, shard: { index: 1, of: 2 }, workers: 0 })).rejects.toThrow(DataError);
    await expect(generateLabels(PLAN, { out: mixed, workers: 0 })).rejects.toThrow(/present settings.*another folder/);

    const half = join(folder, 'half');
    mkdirSync(half);
    const shard = planUnits(PLAN, { index: 0, of: 2 });
    const hash = settingsHash(labelSettings('E201', 'cls'));
    writeFileSync(join(half, 'E201-0-of-2.jsonl'), shard.map(({ arch }) => line(arch, hash)).join(''));
    const missing = new RegExp(`4 labels of 4 E201 .* ${4 - shard.length} missing`);
    await expect(mergeLabels(PLAN, { in: half, out: join(folder, 'table') })).rejects.toThrow(missing);
    expect(existsSync(join(folder, 'table'))).toBe(false);
  });
});
