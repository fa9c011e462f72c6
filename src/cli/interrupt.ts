/**
 * Runs long work with a signal that Ctrl-C aborts, so that it can tidy up and end with exit code 130; a second
 * Ctrl-C ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    process.once('SIGINT', () => process.exit(130));
    controller.abort(new DOMException('interrupted', 'AbortError'));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
