import type { Network } from './engine/network.js';
import { exp, log } from './exact-math.js';
import type { TaskData, TestScenes } from './task-data.js';

/** Bins of the expected calibration error. */
const BINS = 10;
/** What PSNR takes for "no error at all": 100 dB. */
const LEAST_ERROR = 1e-10;

/** The numbers of `TASK_METRICS` for the test scenes, in that order. */
export function evaluate(network: Network, scenes: TaskData): readonly number[] {
  if (scenes.task === 'den') return [psnr(network, scenes.test)];
  if (scenes.task === 'seg') return [iou(network, scenes.test)];
  const { accuracy, nll, ece } = classification(network, scenes.test);
  return [accuracy, nll, ece, scenes.noisyTest === null ? Number.NaN : classification(network, scenes.noisyTest).accuracy];
}

/** Accuracy in percent, mean negative log likelihood in nats, expected calibration error over ten bins of equal width. */
function classification(network: Network, test: TestScenes): { accuracy: number; nll: number; ece: number } {
  const classes = network.outputShape.reduce((a, b) => a * b);
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }));
  let right = 0;
  let nll = 0;
  outputs(network, test, (out, offset, i) => {
    let best = offset;
    for (let k = offset + 1; k < offset + classes; k++) if (out[k] > out[best]) best = k;
    let sum = 0;
    for (let k = offset; k < offset + classes; k++) sum += exp(out[k] - out[best]);
    nll += log(sum) + out[best] - out[offset + test.y[i]];
    const hit = best - offset === test.y[i] ? 1 : 0;
    right += hit;
    const confidence = 1 / sum;
    // A confidence on the border of two bins belongs to the lower one.
    const bin = bins[Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1))] ?? bins[0];
    bin.confidence += confidence;
    bin.right += hit;
  });
  const gap = bins.reduce((total, bin) => total + Math.abs(bin.confidence - bin.right), 0);
  return { accuracy: (100 * right) / test.count, nll: nll / test.count, ece: gap / test.count };
}

/** Peak signal-to-noise ratio in dB for values in 0..1, from the squared error over all scenes; outputs are clipped to 0..1. */
function psnr(network: Network, test: TestScenes): number {
  const pixels = network.outputShape.reduce((a, b) => a * b);
  let error = 0;
  outputs(network, test, (out, offset, i) => {
    for (let k = 0; k < pixels; k++) {
      const v = out[offset + k];
      const d = (v < 0 ? 0 : v > 1 ? 1 : v) - test.y[i * pixels + k];
      error += d * d;
    }
  });
  return (-10 * log(Math.max(LEAST_ERROR, error / (test.count * pixels)))) / log(10);
}

/** Intersection over union of the marked pixels in percent, over all scenes together; marked where the logit is above 0. */
function iou(network: Network, test: TestScenes): number {
  const pixels = network.outputShape.reduce((a, b) => a * b);
  let both = 0;
  let either = 0;
  let odd = 0;
  outputs(network, test, (out, offset, i) => {
    for (let k = 0; k < pixels; k++) {
      const v = out[offset + k];
      if (!Number.isFinite(v)) odd = Number.NaN;
      const marked = v > 0;
      const wanted = test.y[i * pixels + k] > 0.5;
      if (marked && wanted) both++;
      if (marked || wanted) either++;
    }
  });
  return odd + (either === 0 ? 100 : (100 * both) / either);
}

/** Calls `take` for each scene with the batch's outputs and the place where the scene's begin. */
function outputs(network: Network, test: TestScenes, take: (out: Float32Array, offset: number, scene: number) => void): void {
  const inputs = network.inputShape.reduce((a, b) => a * b);
  const outs = network.outputShape.reduce((a, b) => a * b);
  for (let from = 0; from < test.count; from += network.batch) {
    const size = Math.min(network.batch, test.count - from);
    const out = network.forward(test.x.subarray(from * inputs, (from + size) * inputs), 'evaluate');
    for (let i = 0; i < size; i++) take(out, i * outs, from + i);
  }
}
