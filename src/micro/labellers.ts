import { Worker } from 'node:worker_threads';
import type { LabelLine } from './label-line.js';
import type { LabelUnit } from './label-plan.js';
import { labelUnit } from './label-unit.js';
import type { LabelReply } from './label-worker.js';

/** Something that trains one unit at a time. */
export interface Labeller {
  label(unit: LabelUnit): Promise<LabelLine>;
  close(): Promise<void>;
}

/** In this thread. */
export function hereLabeller(): Labeller {
  return { label: (unit) => labelUnit(unit), close: async () => {} };
}

/** In a thread of its own, with its own engine and scenes. */
export function threadLabeller(): Labeller {
  const worker = new Worker(new URL('./label-worker.js', import.meta.url), { execArgv: [] });
  return {
    label: (unit) =>
      new Promise((resolve, reject) => {
        // Each listener by name: without those that a Worker keeps for itself it hears no second reply.
        const settle = (act: () => void): void => {
          worker.off('message', onReply).off('error', reject).off('exit', onExit);
          act();
        };
        const onReply = (reply: LabelReply): void => settle(() => ('error' in reply ? reject(reply.error) : resolve(reply.line)));
        const onExit = (code: number): void => settle(() => reject(new Error(`labelling thread ended (exit code ${code})`)));
        worker.on('message', onReply).on('error', reject).on('exit', onExit);
        worker.postMessage(unit);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
