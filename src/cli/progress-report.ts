import type { Progress } from '../core/base/progress.js';
import { type ProgressBar, progressBar, progressLine } from '../notebook/progress-bar.js';

/** How often a log that is no terminal is told how far the work is. */
const PLAIN_EVERY_MS = 30_000;

/** For work of minutes and more: a bar on a terminal, a line now and then in a log. */
export function progressReport(label: string): ProgressBar {
  if (process.stderr.isTTY) return progressBar(label);
  const started = performance.now();
  let told = started;
  return {
    update(progress: Progress) {
      if (performance.now() - told < PLAIN_EVERY_MS) return;
      told = performance.now();
      process.stderr.write(`${progressLine(label, progress, told - started, 'items').replace(/[━─]+ /, '')}\n`);
    },
    end: () => {},
  };
}
