import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LabError, ParseError } from '../core/base/errors.js';
import { rng } from '../core/base/rng.js';
import type { ComputeGraph } from '../core/ir/compute-graph.js';
import type { PredictorId } from '../core/models/index.js';
import type { IntervalMethod } from '../data/architecture-predictor.js';
import { importModel } from '../data/import/import-model.js';
import type { ImportedModel } from '../data/import/imported-model.js';
import type { InputShapes } from '../data/import/input-shapes.js';
import { fitNetworkPredictor, type NetworkPredictor } from '../data/network-predictor.js';
import { readCsv } from '../data/read-csv.js';
import { progressBar } from '../notebook/progress-bar.js';

/** What `fit --networks` asks for. */
export interface NetworkFit {
  /** CSV with a column `network`, the path of a file from the table's folder, and the target's column. */
  readonly networks: string;
  /** Extents of the inputs that files leave open. */
  readonly inputShape?: InputShapes;
  readonly target?: string;
  readonly model: PredictorId;
  readonly intervals: IntervalMethod;
  readonly train?: number;
  readonly seed: number;
}

const COLUMN = 'network';

/** Learns from the network files that a table lists. Rows without a label are left out. */
export async function fitNetworkFiles(options: NetworkFit, signal: AbortSignal): Promise<NetworkPredictor> {
  const { networks, model, intervals, train, seed, inputShape: inputShapes } = options;
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
  const reader = new NetworkReader(inputShapes);
  const graphs: ComputeGraph[] = [];
  for (const row of rows) {
    signal.throwIfAborted();
    graphs.push(await reader.graph(`${networks}, data row ${row + 1}`, resolve(dirname(networks), files[row])));
    reading.update({ done: graphs.length, total: rows.length });
  }
  reading.end();
  reader.requireNamed(inputShapes);
  const bar = progressBar(`${model}, ${rows.length.toLocaleString('en')} labels`);
  const y = Float64Array.from(rows, (row) => labels[row]);
  const about = { target, inputShapes, model, intervals, rng: source.fork('fit'), signal, onProgress: bar.update };
  const fitted = await fitNetworkPredictor(graphs, y, about);
  bar.end();
  return fitted;
}

/** Reads network files one after the other, each with the extents of those inputs that it leaves open. */
export class NetworkReader {
  private readonly names = new Set<string>();

  constructor(private readonly shapes: InputShapes = {}) {}

  /** The computation graph of a network's file; an error says which line asked for it. */
  async graph(where: string, path: string): Promise<ComputeGraph> {
    try {
      return (await this.read(path)).graph;
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      throw new ParseError({ what: where, text: path, at: 0, expected: `the file of a network (${error.message})` });
    }
  }

  private async read(path: string): Promise<ImportedModel> {
    const stated = await importModel(path);
    for (const { name } of stated.declared.inputs) this.names.add(name);
    const left = new Set(stated.warnings.flatMap(({ code, subject }) => (code === 'open-extent' ? subject : [])));
    const own = Object.entries(this.shapes).filter(([name]) => left.has(name));
    const model = own.length === 0 ? stated : await importModel(path, { inputShapes: Object.fromEntries(own) });
    const open = model.warnings.find(({ code }) => code === 'open-extent');
    // Who gives shapes wants none guessed: a file that calls its input otherwise is not read at another size.
    if (open !== undefined && Object.keys(this.shapes).length > 0) {
      const expected = `extents for ${open.subject} too, which this file leaves open`;
      throw new ParseError({ what: '--input-shape', text: Object.keys(this.shapes).join(', '), at: 0, expected });
    }
    return model;
  }

  /** That each of the shapes is of an input that some file read so far has. @throws ParseError */
  requireNamed(shapes: InputShapes = {}): void {
    for (const name of Object.keys(shapes)) {
      if (this.names.has(name)) continue;
      const known = Array.from(this.names).slice(0, 10).join(', ');
      const expected = known === '' ? 'none: the files name no inputs' : `an input that one of the files has (${known})`;
      throw new ParseError({ what: '--input-shape', text: name, at: 0, expected });
    }
  }
}
