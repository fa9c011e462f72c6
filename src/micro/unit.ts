import type { ComputeGraph } from '../core/ir/compute-graph.js';
import type { TaskData, TaskId } from './task-data.js';
import type { TrainSettings } from './train-settings.js';

/** `cls.acc`, `cls.acc_noise` and `seg.iou` in percent, `cls.nll` in nats, `cls.ece` from 0 to 1, `den.psnr` in dB. */
export type MetricId = 'cls.acc' | 'cls.nll' | 'cls.ece' | 'cls.acc_noise' | 'den.psnr' | 'seg.iou';

/** Of each task, in the order in which they are written. */
export const TASK_METRICS: Readonly<Record<TaskId, readonly MetricId[]>> = {
  cls: ['cls.acc', 'cls.nll', 'cls.ece', 'cls.acc_noise'],
  den: ['den.psnr'],
  seg: ['seg.iou'],
};

/** What `trainUnit` takes: a unit of work that gives one `UnitResult`. */
export interface UnitRequest {
  /** One input and one output, of the shapes that the scenes have. */
  readonly graph: ComputeGraph;
  readonly task: TaskId;
  /** Of the first weights. The scenes have their own, which should be the same number. */
  readonly seed: number;
  readonly scenes: TaskData;
  /** Default: `SETTINGS_V1`. */
  readonly settings?: TrainSettings;
  readonly onEpoch?: (epoch: { readonly done: number; readonly total: number; readonly loss: number }) => void;
  readonly signal?: AbortSignal;
}

/** One label: a network trained for one task with one seed. */
export interface UnitResult {
  readonly task: TaskId;
  readonly seed: number;
  /** `diverged`: a number that is not finite came up; the metrics are null then. */
  readonly status: 'ok' | 'diverged';
  readonly metrics: readonly { readonly metric: MetricId; readonly value: number | null }[];
  /** The mean loss of each epoch that was trained. */
  readonly loss: readonly number[];
  readonly engine: string;
}
