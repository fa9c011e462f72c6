import { parentPort } from 'node:worker_threads';
import { countHistogramsWith } from '../core/base/histogram-room.js';
import { trainMlpsWith } from '../core/models/mlp-trainer.js';
import { tfjsMlpTrainer } from '../nn/mlp-trainer.js';
import { simdHistograms } from '../wasm/histograms.js';
import type { Reply, Request } from './messages.js';
import { tasks } from './tasks.js';

trainMlpsWith(tfjsMlpTrainer);
countHistogramsWith(simdHistograms);

parentPort?.on('message', async ({ task, input }: Request) => {
  parentPort?.postMessage(await work(tasks[task] as (input: unknown) => unknown, input));
});

async function work(task: (input: unknown) => unknown, input: unknown): Promise<Reply> {
  try {
    return { output: await task(input) };
  } catch (error) {
    return { error };
  }
}
