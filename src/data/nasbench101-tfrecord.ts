import { DataError, ParseError } from '../core/base/errors.js';
import type { WorkOptions } from '../core/base/progress.js';
import { nasbench101 as space } from '../core/spaces/nasbench101.js';
import type { BenchmarkTable, DataColumn } from './benchmark.js';
import { readTfRecords } from './import/tfrecord.js';
import { WireReader } from './import/wire-reader.js';

/** One training of one cell. */
interface Run {
  readonly seconds: number;
  /** Fractions of 1. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

interface Cell {
  readonly arch: string;
  readonly params: number;
  /** By epochs: 4, 12, 36 and 108 in the full file, 108 alone in the smaller one. */
  readonly runs: Map<number, Run[]>;
}

/** The budget that the benchmark's results are quoted at. */
const FINAL = 108;
/** Every how manieth cell's hash is worked out and compared: each takes some 0.1 ms. */
const CHECKED = 500;

/**
 * NAS-Bench-101 from its own files, `nasbench_only108.tfrecord` or `nasbench_full.tfrecord`: a row a cell, in the order in
 * which the file first names them. Accuracies are means over the runs of a cell, in percent; after 108 epochs each run
 * stands beside them too.
 * @param source what columns name as theirs. @throws DataError when the file or a record is not as described.
 */
export async function readNasbench101Records(path: string, source: string, options: WorkOptions = {}): Promise<BenchmarkTable> {
  const cells = new Map<string, Cell>();
  const decoder = new TextDecoder();
  let record = 0;
  for await (const bytes of readTfRecords(path, options)) {
    readRecord(cells, decoder.decode(bytes), `${path}: record ${record}`);
    record++;
  }
  if (cells.size === 0) {
    throw new DataError({ path, expected: 'the cells of NAS-Bench-101', got: 'no record', fix: 'Fetch the file anew.' });
  }
  return tableOf([...cells.values()], source);
}

/** `[hash, epochs, "0100…", "input,…,output", "base64 of a ModelMetrics message"]`. */
function readRecord(cells: Map<string, Cell>, text: string, path: string): void {
  const wrong = (expected: string, got: string): DataError =>
    new DataError({ path, expected, got, fix: 'The file is damaged, or none of NAS-Bench-101.' });
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    throw wrong('a JSON list', text.slice(0, 60));
  }
  const fits = Array.isArray(row) && row.length === 5 && row.every((part, i) => typeof part === (i === 1 ? 'number' : 'string'));
  if (!fits) throw wrong('[hash, epochs, adjacency, operations, metrics]', text.slice(0, 60));
  const [hash, epochs, adjacency, operations, metrics] = row as [string, number, string, string, string];
  const { params, run } = readMetrics(new Uint8Array(Buffer.from(metrics, 'base64')), path);
  let cell = cells.get(hash);
  if (cell === undefined) {
    const size = Math.sqrt(adjacency.length);
    const ops = operations.split(',').map((name) => OPERATIONS.indexOf(name));
    try {
      const arch = space.parse(`(${[...adjacency].join(', ')}, ${ops.join(', ')})`);
      if (cells.size % CHECKED === 0 && space.identity(arch) !== hash)
        throw wrong(`a cell whose hash is ${hash}`, text.slice(0, 60));
      cell = { arch, params, runs: new Map() };
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      throw wrong('a cell of NAS-Bench-101', `${size} × ${size} ${operations}: ${error.message}`);
    }
    cells.set(hash, cell);
  }
  const runs = cell.runs.get(epochs);
  if (runs === undefined) cell.runs.set(epochs, [run]);
  else runs.push(run);
}

/** By NASLib's numbers. */
const OPERATIONS: readonly string[] = ['input', 'output', 'maxpool3x3', 'conv1x1-bn-relu', 'conv3x3-bn-relu'];

/**
 * ModelMetrics: 1 evaluations (before training, half way, at the end), 2 parameters. An evaluation: 2 seconds of training,
 * 3, 4, 5 accuracy on training, validation and test images. @see nasbench/lib/model_metrics.proto
 */
function readMetrics(bytes: Uint8Array, path: string): { readonly params: number; readonly run: Run } {
  const message = new WireReader(bytes, path);
  const runs: Run[] = [];
  let params = Number.NaN;
  while (message.next()) {
    if (message.field === 2) params = message.int();
    if (message.field !== 1) continue;
    const evaluation = message.message();
    const numbers = new Float64Array(6);
    while (evaluation.next()) {
      if (evaluation.field >= 2 && evaluation.field <= 5) numbers[evaluation.field] = evaluation.float();
    }
    runs.push({ seconds: numbers[2], train: numbers[3], validation: numbers[4], test: numbers[5] });
  }
  if (runs.length !== 3 || !(params > 0)) {
    throw new DataError({
      path,
      expected: 'three evaluations and a number of parameters',
      got: `${runs.length} evaluations, ${params} parameters`,
      fix: 'The file is damaged, or none of NAS-Bench-101.',
    });
  }
  return { params, run: runs[2] };
}

function tableOf(cells: readonly Cell[], source: string): BenchmarkTable {
  const columns: DataColumn[] = [];
  const values: Float64Array[] = [];
  const add = (
    column: Pick<DataColumn, 'name' | 'says' | 'unit' | 'split'> & Partial<DataColumn>,
    of: (cell: Cell) => number,
  ): void => {
    columns.push({ family: 'accuracy', role: 'target', direction: 'higher', dataset: 'full', source, ...column });
    values.push(Float64Array.from(cells, of));
  };
  const epochs = [...new Set(cells.flatMap((cell) => [...cell.runs.keys()]))].sort((a, b) => b - a);
  for (const budget of epochs) {
    const mark = budget === FINAL ? '' : `_${budget}`;
    const mean = (key: keyof Run, factor: number) => (cell: Cell) => {
      const runs = cell.runs.get(budget) ?? [];
      return (runs.reduce((sum, run) => sum + run[key], 0) / runs.length) * factor;
    };
    for (const [split, short] of SPLITS) {
      const says = `${split} accuracy after ${budget} epochs, mean of the runs`;
      add({ name: `${short}_acc${mark}`, says, unit: '%', split }, mean(split, 100));
    }
    const says = `seconds of training for ${budget} epochs, mean of the runs`;
    add({ name: `train_seconds${mark}`, says, unit: 's', split: '', family: 'cost', direction: 'lower' }, mean('seconds', 1));
    if (budget !== FINAL) continue;
    const most = cells.reduce((count, cell) => Math.max(count, cell.runs.get(FINAL)?.length ?? 0), 0);
    for (const [split, short] of SPLITS.slice(0, 2)) {
      for (let i = 0; i < most; i++) {
        const one = `${split} accuracy after ${budget} epochs, run ${i + 1}`;
        add({ name: `${short}_acc_run${i + 1}`, says: one, unit: '%', split }, (cell) => {
          const run = cell.runs.get(FINAL)?.[i];
          return run === undefined ? Number.NaN : run[split] * 100;
        });
      }
    }
  }
  const says = 'number of trained parameters';
  add({ name: 'params', says, unit: '', split: '', family: 'zcp', role: 'proxy', direction: 'none' }, (cell) => cell.params);
  return { archs: cells.map((cell) => cell.arch), columns, values, defaultTarget: columns[0].name, protocols: {} };
}

const SPLITS = [
  ['validation', 'val'],
  ['test', 'test'],
  ['train', 'train'],
] as const;
