import { ParseError } from '../core/base/errors.js';
import type { SearchSpace } from '../core/spaces/space.js';
import { spaceWithoutGraphs } from '../core/spaces/without-graphs.js';
import type { DataColumn } from './benchmark.js';
import type { BenchmarkLoader } from './loader.js';
import type { CsvTable } from './read-csv.js';
import { TableBuilder } from './table-builder.js';

const REPOSITORY = 'pytorch-image-models';
const IMAGENET = `${REPOSITORY}/results-imagenet.csv`;
const SPEED = `${REPOSITORY}/benchmark-infer-amp-nchw-pt240-cu124-rtx4090.csv`;
/** Further test sets: column, meaning, file. */
const TESTS = [
  ['top1_real', 'top-1 accuracy under the cleaned labels of ImageNet ReaL', `${REPOSITORY}/results-imagenet-real.csv`],
  ['top1_v2', 'top-1 accuracy on ImageNet-V2 (matched frequency)', `${REPOSITORY}/results-imagenetv2-matched-frequency.csv`],
] as const;

const space: SearchSpace<'timm'> = spaceWithoutGraphs({
  id: 'timm',
  title: 'PyTorch Image Models',
  cite: 'Wightman 2019, github.com/huggingface/pytorch-image-models',
  encoding: {
    id: 'name',
    says: 'the name of an architecture, after a dot of its weights, after an @ the side of the test images',
    example: 'resnet50.a1_in1k@288',
  },
  read(text) {
    if (/^[\w.-]+@\d+$/.test(text)) return text;
    throw new ParseError({ what: 'timm', text, at: 0, expected: 'the name of a model, an @ and the side of the test images' });
  },
});

/**
 * Published image models with their accuracies on ImageNet's test sets, sizes and costs: 1,556 rows, best first, of 1,266
 * models, some of them tested on images of several sizes.
 */
export const timm: BenchmarkLoader<'timm'> = {
  id: 'timm',
  title: 'PyTorch Image Models',
  cite: 'Wightman 2019, github.com/huggingface/pytorch-image-models',
  licence: 'Apache-2.0',
  space,
  datasets: ['imagenet'],
  version: 1,
  files: () => [IMAGENET, SPEED, ...TESTS.map(([, , file]) => file)],
  async read(sources, dataset) {
    const models = await sources.csv(IMAGENET);
    const archs = tested(models);
    const source = sources.source(IMAGENET);
    const table = new TableBuilder(space, archs, source);
    const accuracy = (name: string, says: string, from: string): DataColumn => {
      const about = { family: 'accuracy', unit: '%', role: 'target', direction: 'higher', split: 'test' } as const;
      return { name, says, dataset, source: from, ...about };
    };
    table.add(accuracy('top1', 'top-1 accuracy on ImageNet', source), { archs, values: models.numbers('top1') });
    table.add(accuracy('top5', 'top-5 accuracy on ImageNet', source), { archs, values: models.numbers('top5') });
    for (const [name, says, file] of TESTS) {
      const csv = await sources.csv(file);
      table.add(accuracy(name, says, sources.source(file)), { archs: tested(csv), values: csv.numbers('top1') });
    }

    const speed = await sources.csv(SPEED);
    const row = speedRows(speed, models.text('model'), models.numbers('img_size'));
    const cost = (column: Pick<DataColumn, 'name' | 'says' | 'unit'>, values: Float64Array, from: string): void => {
      table.add(
        { ...column, family: 'zcp', role: 'proxy', direction: 'none', dataset, split: '', source: from },
        { archs, values },
      );
    };
    cost({ name: 'params', says: 'number of parameters', unit: 'M' }, grouped(models.text('param_count')), source);
    cost({ name: 'img_size', says: 'side of the test images', unit: 'pixels' }, models.numbers('img_size'), source);
    for (const [name, column, says, unit] of MEASURED) {
      const all = grouped(speed.text(column));
      cost(
        { name, says, unit },
        Float64Array.from(row, (i) => (i < 0 ? Number.NaN : all[i])),
        sources.source(SPEED),
      );
    }
    return table.build('top1');
  },
};

/** One model is tested on images of several sizes. */
function tested(csv: CsvTable): string[] {
  const sizes = csv.text('img_size');
  return csv.text('model').map((model, i) => `${model}@${sizes[i]}`);
}

/** Measured at `gmacs_img_size`, which is not always the size that accuracies are of. */
const MEASURED = [
  ['gmacs', 'infer_gmacs', 'multiply-adds of one forward pass at gmacs_img_size', 'G'],
  ['activations', 'infer_macts', 'outputs of all convolutions and matrix products at gmacs_img_size', 'M'],
  ['images_per_second', 'infer_samples_per_sec', 'images per second on an RTX 4090 at gmacs_img_size', '1/s'],
  ['gmacs_img_size', 'infer_img_size', 'side of the images that costs were measured with', 'pixels'],
] as const;

/**
 * The row of measurements of each model, by its own name, else by its architecture's (cost does not depend on weights);
 * of several rows, one at the model's image size. -1: none.
 */
function speedRows(speed: CsvTable, models: readonly string[], sizes: Float64Array): number[] {
  const rowsOf = new Map<string, number[]>();
  const measured = speed.numbers('infer_img_size');
  speed.text('model').forEach((name, i) => {
    for (const key of new Set([name, architecture(name)])) rowsOf.set(key, [...(rowsOf.get(key) ?? []), i]);
  });
  return models.map((model, m) => {
    const rows = rowsOf.get(model) ?? rowsOf.get(architecture(model)) ?? [];
    return rows.find((i) => measured[i] === sizes[m]) ?? rows[0] ?? -1;
  });
}

function architecture(model: string): string {
  return model.split('.', 1)[0];
}

/** Numbers with commas between thousands. */
function grouped(cells: readonly string[]): Float64Array {
  return Float64Array.from(cells, (cell) => (cell === '' ? Number.NaN : Number(cell.replaceAll(',', ''))));
}
