export { type CitationId, citations } from './citations.js';
export { type Citable, cite } from './cite.js';
export { type Merged, mergeShards } from './merge.js';
export type { PaperTable } from './paper-table.js';
export { parseShard, type Shard } from './plan.js';
export { paperTables, tablesNamed } from './registry.js';
export type { CellReport, TableReport, Verdict } from './report.js';
export {
  chosenTables,
  FEW_SEEDS,
  REPORT_FORMATS,
  type ReportFormat,
  type ReproduceOptions,
  type Reproduction,
  reproduce,
  reproduction,
  writeReport,
} from './reproduce.js';
export { type RunOptions, runUnits } from './run.js';
