import { type Rng, rng } from '../core/base/rng.js';
import { CLASSES, SCENE_SIDE } from '../core/spaces/micro/index.js';
import { drawScene } from './draw-scene.js';
import { gaussian } from './exact-math.js';
import type { SceneSettings } from './scene-settings.js';
import type { Scenes, TaskData, TaskId, TestScenes } from './task-data.js';

const PIXELS = SCENE_SIDE * SCENE_SIDE;

/** Scenes with all their answers. */
export interface SceneBlock {
  readonly count: number;
  /** What a network sees. */
  readonly seen: Float32Array;
  /** The glyph alone, without noise. */
  readonly clean: Float32Array;
  readonly labels: Int32Array;
}

/**
 * All that networks of one seed see: the scenes of every epoch (drawn when the epoch is first asked for, then kept: 1.2 MB
 * an epoch of 1,000) and the test sets, which are the same for all seeds. They depend on the seed and the epoch alone, never
 * on the network, so that one source serves every network and task.
 */
export class SceneSource {
  private readonly epochs: SceneBlock[] = [];
  private readonly masks = new WeakMap<SceneBlock, Float32Array>();

  constructor(
    readonly seed: number,
    private readonly settings: SceneSettings,
    private readonly scenesPerEpoch: number,
    private readonly tests: TestSets = testSets(settings),
  ) {}

  /** The scenes as one task wants them. */
  task(task: TaskId): TaskData {
    const answers = (block: SceneBlock): Int32Array | Float32Array =>
      task === 'cls' ? block.labels : task === 'den' ? block.clean : this.mask(block);
    const each = task === 'cls' ? 1 : PIXELS;
    const test = ({ seen, count }: SceneBlock, block: SceneBlock): TestScenes => ({ x: seen, y: answers(block), count });
    return {
      task,
      input: [SCENE_SIDE, SCENE_SIDE, 1],
      output: task === 'cls' ? [CLASSES] : [SCENE_SIDE, SCENE_SIDE, 1],
      batch: (epoch, step, size): Scenes => {
        const block = this.epoch(epoch);
        const [from, to] = [step * size, (step + 1) * size];
        return { x: block.seen.subarray(from * PIXELS, to * PIXELS), y: answers(block).subarray(from * each, to * each) };
      },
      test: test(this.tests.plain, this.tests.plain),
      noisyTest: task === 'cls' ? test(this.tests.noisy, this.tests.noisy) : null,
    };
  }

  private epoch(epoch: number): SceneBlock {
    this.epochs[epoch] ??= drawBlock(this.settings, this.scenesPerEpoch, rng(this.seed).fork('scenes').fork(epoch));
    return this.epochs[epoch];
  }

  /** 1 where the clean glyph is, 0 elsewhere. */
  private mask(block: SceneBlock): Float32Array {
    let mask = this.masks.get(block);
    if (mask === undefined) {
      mask = block.clean.map((value) => (value > this.settings.maskAbove ? 1 : 0));
      this.masks.set(block, mask);
    }
    return mask;
  }
}

export interface TestSets {
  readonly plain: SceneBlock;
  /** The same glyphs under strong noise. */
  readonly noisy: SceneBlock;
}

/** The fixed test sets: every class equally often. */
export function testSets(settings: SceneSettings): TestSets {
  const source = rng(0).fork('microbench test');
  const plain = drawBlock(settings, settings.testScenes, source, (i) => i % CLASSES);
  const noisy = drawBlock({ ...settings, noise: settings.strongNoise }, settings.testScenes, source, (i) => i % CLASSES);
  return { plain, noisy };
}

/** Scenes one after the other; classes drawn uniformly unless said. Glyphs and noise have streams of their own. */
export function drawBlock(
  settings: SceneSettings,
  count: number,
  source: Rng,
  labelAt: (scene: number, draw: Rng) => number = (_, draw) => draw.int(CLASSES),
): SceneBlock {
  const draw = source.fork('glyphs');
  const speckle = source.fork('noise');
  const block: SceneBlock = {
    count,
    seen: new Float32Array(count * PIXELS),
    clean: new Float32Array(count * PIXELS),
    labels: new Int32Array(count),
  };
  for (let scene = 0; scene < count; scene++) {
    const [from, to] = [scene * PIXELS, (scene + 1) * PIXELS];
    const seen = block.seen.subarray(from, to);
    block.labels[scene] = labelAt(scene, draw);
    drawScene(block.labels[scene], settings, draw, block.clean.subarray(from, to), seen);
    for (let i = 0; i < PIXELS; i++) seen[i] += settings.noise * gaussian(speckle);
  }
  return block;
}
