/**
 * Does all items, begun in order, `jobs` at a time. After the first failure none is begun any more, and what comes of those
 * in hand is dropped.
 * @param finish takes each result as it comes, in whatever order that is.
 * @throws (rejects) with the first failure, or at once with the signal's reason: an item in another thread cannot be
 *   stopped, but need not be waited for.
 */
export async function sideBySide<T, R>(
  items: readonly T[],
  { jobs, signal }: { readonly jobs: number; readonly signal?: AbortSignal },
  work: (item: T) => Promise<R>,
  finish: (result: R, item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      signal?.throwIfAborted();
      const item = items[next++];
      const result = await orAborted(work(item), signal);
      if (stopped) return;
      await finish(result, item);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, items.length)) }, worker));
  } finally {
    stopped = true;
    next = items.length;
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
