import { Command } from 'commander';
import { ParseError, UnsupportedError } from '../core/base/errors.js';
import { spaceNamed } from '../core/spaces/index.js';
import type { ArchitecturePredictions, ArchitecturePredictor } from '../data/architecture-predictor.js';
import { csvCell } from '../data/csv-cell.js';
import type { InputShapes } from '../data/import/input-shapes.js';
import { openModel } from '../data/model-file.js';
import type { NetworkPredictor } from '../data/network-predictor.js';
import { INPUT_SHAPE, INPUT_SHAPE_SAYS, inputShape, refuseInputShape } from './input-shape.js';
import { NetworkReader } from './network-files.js';
import { atLine, CHUNK, inChunks, type Line, readLines, writePieces } from './streams.js';

export function predictCommand(): Command {
  return new Command('predict')
    .summary('predictions with intervals and an out-of-distribution flag, as CSV')
    .description(
      'Reads architectures, one a line in any upstream encoding, and writes CSV: the net as given, its predicted value, the ' +
        'interval, 1 where nothing like it was learned from (else 0), and the p value behind that. A model that also learned from ' +
        'proxies or embeddings reads CSV with a header: net and those columns. A model of networks (fit --networks) reads the ' +
        'paths of network files: .onnx, tfjs model.json, frozen TensorFlow .pb, a graph as JSON.',
    )
    .requiredOption('--model <file>', 'a file that fit, or saveModel in a notebook, wrote')
    .option('--space <id>', 'the search space; must be the model’s')
    .option(INPUT_SHAPE, `of a model of networks: ${INPUT_SHAPE_SAYS}; beside those it was fitted with`, inputShape)
    .option('--in <file>', 'architectures; - is standard input', '-')
    .option('--out <file>', 'CSV; - is standard output', '-')
    .option('--level <share>', 'how often the true value is to lie within the interval', readLevel, 0.9)
    .addHelpText(
      'after',
      "\nExample:\n  echo '(4, 0, 3, 1, 4, 3)' | npx nascope predict --model model.json --space nasbench201" +
        '\n  ls candidates/*.onnx | npx nascope predict --model latency.json',
    )
    .action(run);
}

interface PredictArguments {
  readonly model: string;
  readonly space?: string;
  readonly inputShape?: InputShapes;
  readonly in: string;
  readonly out: string;
  readonly level: number;
}

async function run(options: PredictArguments): Promise<void> {
  const model = await openModel(options.model);
  if ('kind' in model && model.kind === 'network-predictor') {
    if (options.space !== undefined) {
      throw new ParseError({
        what: '--space',
        text: options.space,
        at: 0,
        expected: 'none: the model predicts networks of any family',
      });
    }
    await writePieces(options.out, ofNetworks(model, options));
    return;
  }
  if (!('kind' in model) || (model as { readonly kind: unknown }).kind !== 'architecture-predictor') {
    throw new UnsupportedError(
      `${options.model} (a ${(model as { readonly id?: string }).id} of feature tables) in predict`,
      'It does not say which features it reads: save one with `npx nascope fit` or fitArchitecturePredictor.',
    );
  }
  const predictor = model as ArchitecturePredictor;
  refuseInputShape(options.inputShape, 'an architecture');
  if (options.space !== undefined && spaceNamed(options.space).id !== predictor.about.space) {
    const expected = `${predictor.about.space}, whose architectures ${options.model} predicts`;
    throw new ParseError({ what: '--space', text: options.space, at: 0, expected });
  }
  await writePieces(options.out, pieces(predictor, options));
}

const HEADER = 'net,value,low,high,ood,p\n';

async function* pieces(predictor: ArchitecturePredictor, options: PredictArguments): AsyncGenerator<string> {
  const space = spaceNamed(predictor.about.space);
  const names = predictor.about.columns.map((column) => column.name);
  let header = HEADER;
  let places: readonly number[] | null = null;
  for await (const chunk of inChunks(readLines(options.in), CHUNK)) {
    let lines = chunk;
    if (names.length > 0 && places === null) {
      places = headerPlaces(lines[0], ['net', ...names]);
      lines = lines.slice(1);
    }
    const rows = lines.map((line) => (places === null ? [line.text] : cellsAt(line, places)));
    const archs = rows.map(([net], i) => atLine({ ...lines[i], text: net }, (text) => space.parse(text)));
    const columns = Object.fromEntries(
      names.map((name, c) => [name, rows.map((row, i) => numberAt(lines[i], name, row[c + 1]))]),
    );
    const made = predictor.predict(archs, columns, options.level);
    yield header +
      answers(
        rows.map(([net]) => net),
        made,
      );
    header = '';
  }
  yield header;
}

/** Networks imported at a time: their graphs may be large. */
const FILES = 64;

async function* ofNetworks(predictor: NetworkPredictor, options: PredictArguments): AsyncGenerator<string> {
  const reader = new NetworkReader({ ...predictor.about.inputShapes, ...options.inputShape });
  let header = HEADER;
  for await (const lines of inChunks(readLines(options.in), FILES)) {
    const graphs = [];
    for (const line of lines) graphs.push(await reader.graph(`line ${line.number}`, line.text));
    yield header +
      answers(
        lines.map((line) => line.text),
        predictor.predict(graphs, options.level),
      );
    header = '';
  }
  reader.requireNamed(options.inputShape);
  yield header;
}

function answers(nets: readonly string[], { value, low, high, ood, p }: ArchitecturePredictions): string {
  return nets.map((net, r) => `${csvCell(net)},${value[r]},${bound(low[r])},${bound(high[r])},${ood[r]},${p[r]}\n`).join('');
}

/** As pandas and R read them. */
function bound(value: number): string {
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
}

/** Where the columns stand in a CSV header. @throws ParseError naming the one that is not there. */
function headerPlaces(line: Line, names: readonly string[]): number[] {
  const found = csvCells(line.text);
  return names.map((name) => {
    const place = found.indexOf(name);
    if (place >= 0) return place;
    const expected = `a header with the columns ${names.join(', ')}, on which the model was trained (${name} is missing)`;
    throw new ParseError({ what: `line ${line.number}`, text: line.text, at: 0, expected });
  });
}

function cellsAt(line: Line, places: readonly number[]): string[] {
  const cells = csvCells(line.text);
  return places.map((place) => {
    if (place < cells.length) return cells[place];
    const expected = `at least ${Math.max(...places) + 1} cells`;
    throw new ParseError({ what: `line ${line.number}`, text: line.text, at: 0, expected });
  });
}

function numberAt(line: Line, name: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new ParseError({ what: `line ${line.number}: ${name}`, text, at: 0, expected: 'a finite number' });
}

/** The cells of one line of CSV; a quoted cell may hold commas and doubled quotes. */
function csvCells(text: string): string[] {
  return Array.from(
    `,${text}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g),
    (found) => found[1]?.replaceAll('""', '"') ?? found[2],
  );
}

function readLevel(text: string): number {
  const level = Number(text);
  if (level > 0 && level < 1) return level;
  throw new ParseError({ what: '--level', text, at: 0, expected: 'a share between 0 and 1' });
}
