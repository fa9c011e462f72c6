import { type Figure, figure, headline } from '../figure.js';
import { shortNumber } from '../grids.js';
import { learningCurves } from './learning-curves.js';

/** What is drawn of a network that was trained here, as `trainForReal` gives it. */
export interface TrainedNetwork {
  readonly family: string;
  /** The architecture that was trained. */
  readonly canonical: string;
  readonly task: string;
  readonly seed: number;
  readonly status: string;
  readonly metrics: readonly { readonly metric: string; readonly value: number | null; readonly table: number | null }[];
  /** The mean training loss of each epoch. */
  readonly losses: readonly number[];
}

/** The loss of one training by epoch, under what the network reached and whether the table says the same. At least one loss is finite. */
export function trainingCurve(trained: TrainedNetwork): Figure {
  const { family, canonical, task, seed, status, metrics, losses } = trained;
  const reached = metrics.map(({ metric, value }) => `${metric} ${value === null ? '–' : rounded(value)}`).join(', ');
  const outcome = status === 'ok' ? `${reached} (${besideTable(metrics)})` : `the training ${status}`;
  const rows = losses.map((value, epoch) => ({ series: 'training', step: epoch + 1, value }));
  const drawn = learningCurves(
    rows.filter(({ value }) => Number.isFinite(value)),
    { value: 'mean training loss' },
  );
  return figure(
    drawn.data,
    { ...drawn.layout, height: 340, showlegend: false, annotations: [headline(outcome)] },
    `${family}, ${task}, seed ${seed}, ${canonical}: ${outcome}; loss by epoch ${losses.map(rounded).join(', ')}.`,
  );
}

function besideTable(metrics: TrainedNetwork['metrics']): string {
  const known = metrics.filter(({ table }) => table !== null);
  if (known.length === 0) return 'not in the table';
  return known.every(({ value, table }) => value === table) ? 'as in the table' : 'the table says otherwise';
}

function rounded(value: number): string {
  return shortNumber(Number(value.toPrecision(4)));
}
