/** One line of a benchmark's result; `README.md` says what the fields mean. */
export interface BenchRow {
  readonly task: string;
  readonly ours_ms: number;
  readonly unit_per_s: { readonly value: number; readonly unit: string };
  readonly peer_ms: number | null;
  readonly ratio: number | null;
  readonly peer: string | null;
  /** Where ours and the peer were run in turns: how many pairs, and the range of their ratios; `ratio` is their median. */
  readonly pairs?: { readonly count: number; readonly low: number; readonly high: number };
  readonly note: string;
  /** Where the row is a point of a curve: what grows, and how much of it there is. */
  readonly at?: { readonly axis: string; readonly value: number };
}

export interface BenchOptions {
  readonly peer: boolean;
  /** Whether only the rows of the README's table are asked for, with fewer pairs where a pair takes long. */
  readonly brief?: boolean;
  /** How many networks `proxies` compares; a few unless said. */
  readonly nets?: number;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly label?: string }) => void;
}

/** What every `bench/<name>.js` exports. */
export interface Bench {
  readonly name: string;
  readonly says: string;
  run(options: BenchOptions): Promise<readonly BenchRow[]>;
}
