export type { Bench, BenchOptions, BenchRow } from '../src/cli/bench-contract.js';
