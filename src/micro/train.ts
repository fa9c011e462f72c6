import { ShapeError } from '../core/base/errors.js';
import { nextTurn } from '../core/base/progress.js';
import { rng } from '../core/base/rng.js';
import { inferShapes } from '../core/ir/shapes.js';
import { compileNetwork } from './engine/compile.js';
import type { LossKind, Network } from './engine/network.js';
import { ENGINE_VERSION } from './engine/version.js';
import { evaluate } from './evaluate.js';
import { cos } from './exact-math.js';
import type { TaskData, TaskId } from './task-data.js';
import { SETTINGS_V1, type TrainSettings } from './train-settings.js';
import { TASK_METRICS, type UnitRequest, type UnitResult } from './unit.js';

/** The loss of each task, and by how much its mean over all numbers is multiplied. */
const LOSSES: Readonly<Record<TaskId, { readonly kind: LossKind; readonly weight: number }>> = {
  cls: { kind: 'cross-entropy', weight: 1 },
  den: { kind: 'squared-error', weight: 10 },
  seg: { kind: 'sigmoid-cross-entropy', weight: 4 },
};

/**
 * Trains a network for real and measures it on the test scenes: a label. The same request gives the same bits on every machine.
 * @throws ShapeError when network, task and scenes do not fit. @throws UnsupportedError naming what the engine does not train.
 * @throws the signal's reason, at the next epoch.
 */
export async function trainUnit(request: UnitRequest): Promise<UnitResult> {
  const { graph, task, seed, scenes, settings = SETTINGS_V1, onEpoch, signal } = request;
  checkFit(request);
  const network = compileNetwork(graph, { batch: settings.batch, rng: rng(seed) });
  try {
    const loss: number[] = [];
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      signal?.throwIfAborted();
      const mean = trainEpoch(network, scenes, settings, epoch);
      loss.push(mean);
      if (!Number.isFinite(mean)) break;
      onEpoch?.({ done: epoch + 1, total: settings.epochs, loss: mean });
      if (onEpoch !== undefined || signal !== undefined) await nextTurn();
    }
    signal?.throwIfAborted();
    const lost = loss.some((value) => !Number.isFinite(value));
    const values = lost ? null : evaluate(network, scenes);
    const sound = values?.every(Number.isFinite) === true;
    const metrics = TASK_METRICS[task].map((metric, i) => ({ metric, value: sound ? (values as readonly number[])[i] : null }));
    return { task, seed, status: sound ? 'ok' : 'diverged', metrics, loss: loss.filter(Number.isFinite), engine: ENGINE_VERSION };
  } finally {
    network.release();
  }
}

/** @returns the mean loss; NaN or infinite as soon as a step's is. */
function trainEpoch(network: Network, scenes: TaskData, settings: TrainSettings, epoch: number): number {
  const { batch, scenesPerEpoch, epochs, momentum, weightDecay } = settings;
  const { kind, weight } = LOSSES[scenes.task];
  const steps = Math.floor(scenesPerEpoch / batch);
  const numbers = kind === 'cross-entropy' ? batch : batch * network.outputShape.reduce((a, b) => a * b);
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    const { x, y } = scenes.batch(epoch, step, batch);
    network.forward(x, 'train');
    const loss = (network.loss(kind, y, weight / numbers) * weight) / numbers;
    if (!Number.isFinite(loss)) return loss;
    sum += loss;
    network.backward();
    const along = (epoch * steps + step) / (epochs * steps);
    network.step({ learningRate: (settings.learningRate * (1 + cos(Math.PI * along))) / 2, momentum, weightDecay });
  }
  return sum / steps;
}

function checkFit({ graph, task, scenes }: UnitRequest): void {
  if (scenes.task !== task)
    throw new ShapeError({ argument: 'trainUnit: scenes', expected: `those of ${task}`, got: scenes.task });
  const { out } = inferShapes(graph);
  graph.nodes.forEach(({ op }, i) => {
    if (op.type !== 'input' && op.type !== 'output') return;
    const wanted = scenes[op.type].join(' x ');
    const got = out[i].join(' x ');
    if (wanted !== got) throw new ShapeError({ argument: `trainUnit: ${graph.name}`, expected: `${op.type} ${wanted}`, got });
  });
}
