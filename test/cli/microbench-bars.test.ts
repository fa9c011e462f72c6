import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agreementTable, missed, spreadText, tasksTable } from '../../src/cli/microbench-bars.js';
import { microFamilyNamed } from '../../src/core/spaces/micro/index.js';
import type { SearchSpace } from '../../src/core/spaces/space.js';
import { microTable } from '../../src/data/microbench.js';
import { MICROBENCH_FOLDER, readMicroManifest } from '../../src/data/microbench-table.js';
import { SEED_BARS, type SeedAgreement, seedAgreement } from '../../src/micro/seed-agreement.js';
import { type TaskAgreement, taskAgreement } from '../../src/micro/task-agreement.js';

const manifest = await readMicroManifest();
const families = Object.entries(manifest.families);
/** Without line breaks: sentences may be wrapped. */
const page = readFileSync(join(MICROBENCH_FOLDER, 'README.md'), 'utf8');
const flat = page.replace(/\s+/g, ' ');

describe.each(families)('%s', (family, entry) => {
  test('has the networks and seeds that were aimed at, and its page says how many', () => {
    expect([entry.tasks, entry.seeds, entry.testSeeds]).toEqual([['cls', 'den', 'seg'], [1, 2], [3]]);
    const values = (2 * entry.count + entry.splits.test) * 6;
    expect(entry.labels.rows).toBe(values);
    expect(page).toMatch(new RegExp(`^## ${family}: ${entry.count.toLocaleString('en')} `, 'm'));
    expect(flat).toContain(`${entry.splits.test} networks of the test split: ${(values / 2).toLocaleString('en')} trainings`);
  });

  test('reaches its aims, or the page says which not, by how much and why', async () => {
    const all = await seedAgreement(entry);
    for (const [metric, bar] of Object.entries(SEED_BARS)) {
      const one = all.find((each) => each.metric === metric) as SeedAgreement;
      const sentence = missed(family, one);
      if (one.mean >= bar) expect(sentence).toBeNull();
      else expect(flat).toContain(sentence as string);
    }
  });

  test('has on its page what the command prints', async () => {
    expect(page).toContain(agreementTable(await seedAgreement(entry)));
  });
});

test("E201's page says how its accuracies are spread", async () => {
  expect(flat).toContain(spreadText(await seedAgreement(manifest.families.E201)));
});

test('the aims are those of the benchmark: .90 for accuracy and overlap, .93 for denoising', () => {
  expect(SEED_BARS).toEqual({ 'cls.acc': 0.9, 'den.psnr': 0.93, 'seg.iou': 0.9 });
});

test('the page says how far the tasks of each family agree', async () => {
  const tasks = await Promise.all(
    families.map(async ([family, entry]) => {
      const table = await microTable(family, microFamilyNamed(family).space as unknown as SearchSpace, entry);
      return { family, ...(taskAgreement(table) as TaskAgreement) };
    }),
  );
  expect(page).toContain(tasksTable(tasks));
});
