import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ParseError, ShapeError } from '../../src/core/base/errors.js';
import { archUnits, planArchs } from '../../src/micro/label-plan.js';
import { labelUnit } from '../../src/micro/label-unit.js';
import { mergeLabels } from '../../src/micro/merge-labels.js';
import { trainForReal } from '../../src/micro/train-for-real.js';

const folder = mkdtempSync(join(tmpdir(), 'nascope-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLAN = { family: 'E201', count: 1, tasks: ['cls'], seeds: [7], testSeeds: [] } as const;
/** The first architecture of the draw, and the same network written with an operation on each edge that reaches nothing. */
const [arch] = planArchs(PLAN);

test('a training is the label of the table bit by bit, with the loss of each epoch, and finds its own label beside it', async () => {
  const [unit] = archUnits(PLAN, arch);
  const line = await labelUnit(unit);
  await mkdir(join(folder, 'shards'));
  await writeFile(join(folder, 'shards', 'E201-0-of-1.jsonl'), `${JSON.stringify(line)}\n`);
  await mergeLabels(PLAN, { in: join(folder, 'shards'), out: join(folder, 'table') });

  const seen: number[] = [];
  const trained = await trainForReal(arch, { seed: 7, folder: join(folder, 'table'), onProgress: ({ done }) => seen.push(done) });
  expect(Object.fromEntries(trained.metrics.map(({ metric, value }) => [metric, value]))).toEqual(line.values);
  expect(Object.fromEntries(trained.metrics.map(({ metric, table }) => [metric, table]))).toEqual(line.values);
  expect(trained.inTable).toBe('ok');
  expect(trained.losses).toHaveLength(seen.length);
  expect(trained.losses[trained.losses.length - 1]).toBeLessThan(trained.losses[0]);
});

test('cells with the same network are trained as one: operations on dead edges change nothing', async () => {
  const short = '|skip_connect~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|';
  const idle = '|nor_conv_3x3~0|+|nor_conv_1x1~0|none~1|+|skip_connect~0|none~1|none~2|';
  const [one, other] = [await trainForReal(short), await trainForReal(idle)];
  expect(other.canonical).toBe(one.canonical);
  expect(other.arch).toBe(idle);
  expect(other.metrics).toEqual(one.metrics);
  expect(other.losses).toEqual(one.losses);
});

test('a signal stops it at the next epoch with the reason that it carries', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const seen: number[] = [];
  const training = trainForReal(arch, {
    signal: controller.signal,
    onProgress: ({ done }) => {
      seen.push(done);
      if (done === 2) controller.abort(reason);
    },
  });
  await expect(training).rejects.toBe(reason);
  expect(seen).toEqual([1, 2]);
});

test('an unknown family or task, a text that is no architecture and a broken seed are named', async () => {
  await expect(trainForReal(arch, { family: 'E999' as 'E201' })).rejects.toThrow(ParseError);
  await expect(trainForReal(arch, { family: 'E999' as 'E201' })).rejects.toThrow(/one of E201, E101, EMB, E2P/);
  await expect(trainForReal(arch, { task: 'sort' as 'cls' })).rejects.toThrow(/one of cls, den, seg/);
  await expect(trainForReal('|conv~0|')).rejects.toThrow(ParseError);
  await expect(trainForReal(arch, { seed: 0.5 })).rejects.toThrow(ShapeError);
});
