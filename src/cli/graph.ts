import { existsSync, readFileSync } from 'node:fs';
import { Command } from 'commander';
import { ParseError } from '../core/base/errors.js';
import { writeCg } from '../core/ir/cg-json.js';
import type { ComputeGraph } from '../core/ir/compute-graph.js';
import { graphStats } from '../core/ir/graph-stats.js';
import { ConfigField } from '../core/spaces/families/config-fields.js';
import { familyNamed, graphFamilies } from '../core/spaces/families/index.js';
import { computePicture } from '../notebook/compute-picture.js';
import { writePieces } from './streams.js';

interface Options {
  readonly space?: string;
  readonly arch?: string;
  readonly config?: string;
  readonly json?: true;
  readonly stats?: true;
  readonly svg?: string;
}

export function graphCommand(): Command {
  const known = Object.values(graphFamilies).map(({ id, says, example }) => `  ${id}: ${says}\n    ${example}\n`);
  return new Command('graph')
    .summary('the computation graph of an architecture: as JSON, in numbers, as a picture')
    .option('--space <id>', 'the family of the architecture')
    .option('--arch <text>', "the architecture, in the family's text form")
    .option('--config <file>', 'or: a file with its configuration as JSON')
    .option('--json', 'the graph, in the JSON format of GENNAPE')
    .option('--stats', 'its size, costs and spectrum, as JSON (when nothing else is asked for)')
    .option('--svg <file>', 'its picture, - for standard output')
    .addHelpText(
      'after',
      `\nFamilies:\n${known.join('')}\nExample:\n  npx nascope graph --space hiaml --arch src1,src1,r30,src3 --stats`,
    )
    .action(async (options: Options) => {
      const graph = chosenGraph(options);
      const print = (value: unknown): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);
      if (options.json) print(writeCg(graph));
      if (options.stats || !(options.json || options.svg)) print(graphStats(graph));
      if (options.svg !== undefined) await writePieces(options.svg, pieces(computePicture(graph)));
    });
}

function chosenGraph({ space, arch, config, json, stats, svg }: Options): ComputeGraph {
  if ((json && stats) || (svg === '-' && (json || stats))) {
    throw new ParseError({ what: 'graph', text: '', at: 0, expected: 'one of --json, --stats and --svg - for standard output' });
  }
  if (config !== undefined && space === undefined && arch === undefined) return configured(config);
  if (space === undefined || arch === undefined || config !== undefined) {
    throw new ParseError({ what: 'graph', text: '', at: 0, expected: 'either --space and --arch, or --config' });
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
