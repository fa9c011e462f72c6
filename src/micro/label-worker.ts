import { parentPort } from 'node:worker_threads';
import type { LabelLine } from './label-line.js';
import type { LabelUnit } from './label-plan.js';
import { labelUnit } from './label-unit.js';

export type LabelReply = { readonly line: LabelLine } | { readonly error: unknown };

parentPort?.on('message', async (unit: LabelUnit) => {
  parentPort?.postMessage(await reply(unit));
});

async function reply(unit: LabelUnit): Promise<LabelReply> {
  try {
    return { line: await labelUnit(unit) };
  } catch (error) {
    return { error };
  }
}
