import { cost } from '../core/ir/cost.js';
import { microFamilyNamed } from '../core/spaces/micro/index.js';
import { type LabelPlan, planArchs, planUnits } from './label-plan.js';

export interface LabelEstimate {
  readonly archs: number;
  readonly units: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/** CPU seconds of one training: what every one takes, and what each multiplication of a scene adds. Fitted to measured runs. */
const SECONDS = { each: 0.2, perMac: 4.6e-6 };
/** Architectures that are looked at. */
const SAMPLE = 60;

/** What a plan will take on a machine like the one that the model was fitted on. Takes a second. */
export function estimateLabels(plan: LabelPlan, workers: number): LabelEstimate {
  const family = microFamilyNamed(plan.family);
  const archs = planArchs(plan);
  const sample = archs.slice(0, SAMPLE);
  const macs = sample.reduce((sum, arch) => sum + cost(family.toCompute(family.parse(arch), 'classes')).macs, 0) / sample.length;
  const units = planUnits(plan).length;
  const cpuSeconds = units * (SECONDS.each + SECONDS.perMac * macs);
  return { archs: archs.length, units, cpuSeconds, wallSeconds: cpuSeconds / workers };
}
