/** One report of long work. Plain data: it crosses worker and process borders. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Of `done`, what an earlier run had done: counts hold it, rates and the time to go leave it out. */
  readonly before?: number;
  /** What is being done, for a person: "tree", "seed 42", "nb201_zen.zip". */
  readonly label?: string;
}

/** What every long piece of work takes: a way to stop it and a way to watch it. */
export interface WorkOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Lets signals, displays and timers through; long loops await it once a batch. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
