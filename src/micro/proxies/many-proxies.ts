import type { WorkOptions } from '../../core/base/progress.js';
import { askedThread } from '../asked-thread.js';
import type { ProxyValues } from './proxies.js';
import { type ProxyUnit, unitProxies } from './proxy-unit.js';

export interface ManyProxies extends WorkOptions {
  /** Threads; 0 works in this one. The values do not depend on it. */
  readonly workers: number;
  /** Called as each unit is done, with the wall time that it took and its place among the units. */
  readonly onUnit: (unit: ProxyUnit, values: ProxyValues, seconds: number, place: number) => void | Promise<void>;
}

/**
 * The proxies of many architectures. When `signal` aborts, those under way in threads are finished first; in this thread the
 * one under way is given up at its next pass. @throws the signal's reason.
 */
export async function manyProxies(units: readonly ProxyUnit[], options: ManyProxies): Promise<void> {
  const { workers, onUnit, signal, onProgress } = options;
  let next = 0;
  let done = 0;
  let failed = false;
  const report = (): void => onProgress?.({ done, total: units.length, label: 'architecture' });
  report();
  const lane = async (compute: (unit: ProxyUnit) => Promise<ProxyValues>): Promise<void> => {
    while (next < units.length && !failed && !signal?.aborted) {
      const place = next++;
      const unit = units[place];
      try {
        const started = performance.now();
        const values = await compute(unit);
        await onUnit(unit, values, (performance.now() - started) / 1000, place);
      } catch (error) {
        failed = true;
        throw error;
      }
      done++;
      report();
    }
  };
  if (workers === 0) await lane((unit) => unitProxies(unit, signal === undefined ? {} : { signal }));
  else {
    const script = new URL('./proxy-worker.js', import.meta.url);
    const threads = Array.from({ length: Math.min(workers, units.length) }, () => askedThread<ProxyUnit, ProxyValues>(script));
    try {
      await Promise.all(threads.map((thread) => lane(thread.ask)));
    } finally {
      await Promise.all(threads.map((thread) => thread.close()));
    }
  }
  if (done < units.length) signal?.throwIfAborted();
}
