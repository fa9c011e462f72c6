import { cost } from '../core/ir/cost.js';
import { microFamilyNamed } from '../core/spaces/micro/index.js';
import { type LabelPlan, planArchs, planUnits } from './label-plan.js';
import { labelSettings } from './label-settings.js';

export interface LabelEstimate {
  readonly archs: number;
  readonly units: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/** CPU seconds of an epoch: what every one takes, and what each multiplication of a scene adds. Fitted to measured runs of the cells. */
const SECONDS = { each: 0.0086, perMac: 2e-7 };
/** Architectures that are looked at. */
const SAMPLE = 60;

/** What a plan will take on a machine like the one that the model was fitted on, by cells: the blocks of EMB take somewhat more. Takes a second. */
export function estimateLabels(plan: LabelPlan, workers: number): LabelEstimate {
  const family = microFamilyNamed(plan.family);
  const archs = planArchs(plan);
  const sample = archs.slice(0, SAMPLE);
  const macs = sample.reduce((sum, arch) => sum + cost(family.toCompute(family.parse(arch), 'classes')).macs, 0) / sample.length;
  const units = planUnits(plan);
  const epochs = units.reduce((sum, { task }) => sum + labelSettings(plan.family, task).train.epochs, 0);
  const cpuSeconds = epochs * (SECONDS.each + SECONDS.perMac * macs);
  return { archs: archs.length, units: units.length, cpuSeconds, wallSeconds: cpuSeconds / workers };
}
