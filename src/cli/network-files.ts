import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LabError, ParseError } from '../core/base/errors.js';
import { rng } from '../core/base/rng.js';
import type { ComputeGraph } from '../core/ir/compute-graph.js';
import type { PredictorId } from '../core/models/index.js';
import type { IntervalMethod } from '../data/architecture-predictor.js';
import { importModel } from '../data/import/import-model.js';
import { fitNetworkPredictor, type NetworkPredictor } from '../data/network-predictor.js';
import { readCsv } from '../data/read-csv.js';
import { progressBar } from '../notebook/progress-bar.js';

/** What `fit --networks` asks for. */
export interface NetworkFit {
  /** CSV with a column `network`, the path of a file from the table's folder, and the target's column. */
  readonly networks: string;
  readonly target?: string;
  readonly model: PredictorId;
  readonly intervals: IntervalMethod;
  readonly train?: number;
  readonly seed: number;
}

const COLUMN = 'network';

/** Learns from the network files that a table lists. Rows without a label are left out. */
export async function fitNetworkFiles(options: NetworkFit, signal: AbortSignal): Promise<NetworkPredictor> {
  const { networks, model, intervals, train, seed } = options;
  const text = await readFile(networks, 'utf8').catch(() => {
    throw new ParseError({ what: '--networks', text: networks, at: 0, expected: 'a file that can be read' });
  });
  const table = await readCsv(text, networks);
  const others = table.names.filter((name) => name !== COLUMN);
  const target = options.target ?? others[0];
  if (!table.names.includes(COLUMN) || target === undefined || !others.includes(target)) {
    const expected = `a table with the columns ${COLUMN} and ${options.target ?? 'one of labels'}`;
    throw new ParseError({ what: '--networks', text: table.names.join(','), at: 0, expected });
  }
  const [files, labels] = [table.text(COLUMN), table.numbers(target)];
  const labelled = Int32Array.from(labels.keys()).filter((row) => !Number.isNaN(labels[row]));
  if (train !== undefined && train > labelled.length) {
    throw new ParseError({ what: '--train', text: String(train), at: 0, expected: `at most ${labelled.length} rows` });
  }
  const source = rng(seed);
  const chosen = train === undefined ? null : source.fork('rows').choose(labelled.length, train);
  const rows = chosen === null ? Array.from(labelled) : Array.from(chosen, (i) => labelled[i]);

  const reading = progressBar('networks');
  const graphs: ComputeGraph[] = [];
  for (const row of rows) {
    signal.throwIfAborted();
    graphs.push(await networkGraph(`${networks}, data row ${row + 1}`, resolve(dirname(networks), files[row])));
    reading.update({ done: graphs.length, total: rows.length });
  }
  reading.end();
  const bar = progressBar(`${model}, ${rows.length.toLocaleString('en')} labels`);
  const y = Float64Array.from(rows, (row) => labels[row]);
  const about = { target, model, intervals, rng: source.fork('fit'), signal, onProgress: bar.update };
  const fitted = await fitNetworkPredictor(graphs, y, about);
  bar.end();
  return fitted;
}

/** The computation graph of a network's file; an error says which line asked for it. */
export async function networkGraph(where: string, path: string): Promise<ComputeGraph> {
  try {
    return (await importModel(path)).graph;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    throw new ParseError({ what: where, text: path, at: 0, expected: `the file of a network (${error.message})` });
  }
}
