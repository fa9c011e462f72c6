import { existsSync, readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { DataError, ParseError } from '../core/base/errors.js';
import { writeCg } from '../core/ir/cg-json.js';
import type { ComputeGraph } from '../core/ir/compute-graph.js';
import { type GraphStats, graphStats } from '../core/ir/graph-stats.js';
import { ConfigField } from '../core/spaces/families/config-fields.js';
import { familyNamed, graphFamilies } from '../core/spaces/families/index.js';
import { importModel } from '../data/import/import-model.js';
import type { ImportedModel } from '../data/import/imported-model.js';
import type { InputShapes } from '../data/import/input-shapes.js';
import { computePicture } from '../notebook/compute-picture.js';
import { INPUT_SHAPE, INPUT_SHAPE_SAYS, inputShape, refuseInputShape } from './input-shape.js';
import { writePieces } from './streams.js';

interface Options {
  readonly space?: string;
  readonly arch?: string;
  readonly config?: string;
  readonly model?: string;
  readonly inputShape?: InputShapes;
  readonly json?: true;
  readonly stats?: true;
  readonly svg?: string;
}

export function graphCommand(): Command {
  const known = Object.values(graphFamilies).map(({ id, says, example }) => `  ${id}: ${says}\n    ${example}\n`);
  return new Command('graph')
    .summary('the computation graph of an architecture or of any network file: as JSON, in numbers, as a picture')
    .option('--space <id>', 'the family of the architecture')
    .option('--arch <text>', "the architecture, in the family's text form")
    .option('--config <file>', 'or: a file with its configuration as JSON')
    .option(
      '--model <file>',
      'or: a network: .onnx, tfjs model.json, frozen TensorFlow .pb, a graph as JSON or pickled; may be zipped',
    )
    .option(INPUT_SHAPE, INPUT_SHAPE_SAYS, inputShape)
    .option('--json', 'the graph, in the JSON format of GENNAPE')
    .option('--stats', 'its size, costs and spectrum, as JSON (when nothing else is asked for)')
    .option('--svg <file>', 'its picture, - for standard output')
    .addHelpText(
      'after',
      `\nFamilies:\n${known.join('')}\nExample:\n  npx nascope graph --space hiaml --arch src1,src1,r30,src3 --stats` +
        `\n  npx nascope graph --model resnet18.onnx --svg resnet18.svg` +
        `\n  npx nascope graph --model open.onnx --input-shape image=1,3,32,32\n\n` +
        'Of a network file, nodes, params and buffers are what the file lists; the rest is of its computation graph, which\n' +
        'has its inputs and outputs as nodes and constants folded. Warnings go to stderr too.',
    )
    .action(async (options: Options) => {
      const model = options.model === undefined ? null : await imported(options.model, options);
      const graph = model?.graph ?? chosenGraph(options);
      const print = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);
      if (options.json) print(writeCg(graph));
      if (options.stats || !(options.json || options.svg)) print(model === null ? graphStats(graph) : modelStats(model));
      if (options.svg !== undefined) await writePieces(options.svg, pieces(computePicture(graph)));
    });
}

/** Numbers of the graph, with what the file itself lists. */
function modelStats(
  model: ImportedModel,
): Omit<GraphStats, 'warnings'> & { warnings: readonly string[]; format: string; graphNodes: number } {
  const stats = graphStats(model.graph);
  const spectrum = stats.eigenvalues === null ? ['the spectrum was not computed: the graph is too large'] : [];
  return {
    ...stats,
    nodes: model.nodes,
    params: model.parameters,
    buffers: model.buffers,
    coverage: model.coverage,
    warnings: [...model.warnings.map(worded), ...spectrum],
    format: model.format,
    graphNodes: model.graph.nodes.length,
  };
}

function worded({ code, subject, says, times }: ImportedModel['warnings'][number]): string {
  return `${code}: ${subject}${times > 1 ? ` (${times})` : ''}: ${says}`;
}

async function imported(
  path: string,
  { space, arch, config, inputShape: inputShapes, ...output }: Options,
): Promise<ImportedModel> {
  checkOutput(output);
  if (space !== undefined || arch !== undefined || config !== undefined) {
    throw new ParseError({ what: 'graph', text: '', at: 0, expected: 'either --model, or --space and --arch, or --config' });
  }
  try {
    const model = await importModel(path, { inputShapes });
    for (const warning of model.warnings) process.stderr.write(`${worded(warning)}\n`);
    return model;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    // A damaged file is bad input: the message names the byte.
    process.stderr.write(`nascope: ${error.message}\n`);
    throw new CommanderError(2, 'nascope.input', error.message);
  }
}

function checkOutput({ json, stats, svg }: Pick<Options, 'json' | 'stats' | 'svg'>): void {
  if ((json && stats) || (svg === '-' && (json || stats))) {
    throw new ParseError({ what: 'graph', text: '', at: 0, expected: 'one of --json, --stats and --svg - for standard output' });
  }
}

function chosenGraph({ space, arch, config, inputShape: inputShapes, ...output }: Options): ComputeGraph {
  checkOutput(output);
  refuseInputShape(inputShapes, 'an architecture');
  if (config !== undefined && space === undefined && arch === undefined) return configured(config);
  if (space === undefined || arch === undefined || config !== undefined) {
    throw new ParseError({ what: 'graph', text: '', at: 0, expected: 'either --space and --arch, or --config, or --model' });
  }
  const family = familyNamed(space);
  return family.toCompute(family.parse(arch));
}

function configured(path: string): ComputeGraph {
  if (!existsSync(path)) throw new ParseError({ what: '--config', text: path, at: 0, expected: 'an existing file' });
  const text = readFileSync(path, 'utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ParseError({ what: path, text, at: 0, expected: 'JSON' });
  }
  const named = new ConfigField(value, path).get('family');
  if (typeof named.value !== 'string') throw named.problem('the id of a family');
  const family = familyNamed(named.value);
  return family.toCompute(family.read(value));
}

async function* pieces(text: string): AsyncGenerator<string> {
  yield text;
}
