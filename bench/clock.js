/**
 * CPU milliseconds that this process has used since it started, all its threads counted.
 * @returns {number}
 */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The least CPU time of several runs, with the wall time of that run. Throw the first runs away by asking for `warmUps`.
 * @template T
 * @param {() => T | Promise<T>} work
 * @param {{ repeats?: number, warmUps?: number }} [options]
 * @returns {Promise<{ cpu: number, wall: number, result: T }>}
 */
export async function leastOf(work, { repeats = 5, warmUps = 1 } = {}) {
  for (let i = 0; i < warmUps; i++) await work();
  let best = {
    cpu: Number.POSITIVE_INFINITY,
    wall: Number.POSITIVE_INFINITY,
    result: /** @type {T} */ (/** @type {unknown} */ (null)),
  };
  for (let i = 0; i < repeats; i++) {
    const wallStart = performance.now();
    const cpuStart = cpuMs();
    const result = await work();
    const cpu = cpuMs() - cpuStart;
    if (cpu < best.cpu) best = { cpu, wall: performance.now() - wallStart, result };
  }
  return best;
}

/**
 * The note that a timing needs: the repeats, and "contended" where the machine was busy with other things.
 * @param {{ cpu: number, wall: number }} timing
 * @param {string} [more]
 * @returns {string}
 */
export function timingNote({ cpu, wall }, more = '') {
  const contended = wall > 1.2 * cpu ? `contended: wall ${wall.toFixed(1)} ms` : '';
  return [more, contended].filter((part) => part !== '').join('; ');
}
