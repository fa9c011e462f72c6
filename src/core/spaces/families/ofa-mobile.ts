import type { Rng } from '../../base/rng.js';
import { type ConfigField, fieldsOf, readText } from './config-fields.js';
import { type FamilyConfig, pick, pickOther, replaced } from './family.js';

/** Once-for-All networks of inverted bottlenecks: what ProxylessNAS' and MobileNetV3's spaces share. */
export interface OfaMobileConfig<Id extends string> extends FamilyConfig<Id> {
  /** Blocks of each stage. */
  readonly stages: readonly (readonly MobileBlock[])[];
  /** Height and width of the input. */
  readonly resolution: number;
}

export interface MobileBlock {
  /** How many times as wide a block is inside. */
  readonly expand: number;
  readonly kernel: number;
}

const EXPANDS = [3, 4, 6];
const KERNELS = [3, 5, 7];
const FULL = 224;

/** How many blocks each stage may have: `[least, most]`. */
export type StageDepths = readonly (readonly [number, number])[];

/** The parts of a family that depend on the stages only. */
export interface OfaMobileCodec<Id extends string> {
  parse(text: string): OfaMobileConfig<Id>;
  format(config: OfaMobileConfig<Id>): string;
  read(value: unknown): OfaMobileConfig<Id>;
  sample(rng: Rng): OfaMobileConfig<Id>;
  mutate(config: OfaMobileConfig<Id>, rng: Rng): OfaMobileConfig<Id>;
}

/**
 * Text form: `e3k7,e6k5|e4k3,…`, blocks with commas and stages with bars between, `@192` behind it where the input is not
 * 224 x 224. Drawn uniformly: each stage's depth, each block's expansion and kernel. A mutation is another expansion or
 * kernel of one block, or one block more or less in a stage.
 */
export function ofaMobileCodec<Id extends string>(family: Id, depths: StageDepths): OfaMobileCodec<Id> {
  const block = (rng: Rng): MobileBlock => ({ expand: pick(rng, EXPANDS), kernel: pick(rng, KERNELS) });
  const codec: OfaMobileCodec<Id> = {
    parse: (text) => codec.read(readText(family, text, readShort)),
    format: ({ stages, resolution }) =>
      stages.map((stage) => stage.map(({ expand, kernel }) => `e${expand}k${kernel}`).join(',')).join('|') +
      (resolution === FULL ? '' : `@${resolution}`),
    read(value) {
      const fields = fieldsOf(family, value);
      const resolution = fields.get('resolution');
      return {
        family,
        stages: fields
          .get('stages')
          .items(depths.length, depths.length)
          .map((stage, s) => stage.items(...depths[s]).map(readBlock)),
        resolution: resolution.value === undefined ? FULL : readResolution(resolution),
      };
    },
    sample: (rng) => ({
      family,
      stages: depths.map(([least, most]) => Array.from({ length: least + rng.int(most - least + 1) }, () => block(rng))),
      resolution: FULL,
    }),
    mutate({ stages, resolution }, rng) {
      const s = rng.int(stages.length);
      const stage = stages[s];
      const [least, most] = depths[s];
      const changed = rng.int(3);
      if (changed === 0 && least < most) {
        const shorter = stage.length > least && (stage.length === most || rng.int(2) === 0);
        return { family, stages: replaced(stages, s, shorter ? stage.slice(0, -1) : [...stage, block(rng)]), resolution };
      }
      const b = rng.int(stage.length);
      const { expand, kernel } = stage[b];
      const other =
        changed === 1 ? { expand: pickOther(rng, EXPANDS, expand), kernel } : { expand, kernel: pickOther(rng, KERNELS, kernel) };
      return { family, stages: replaced(stages, s, replaced(stage, b, other)), resolution };
    },
  };
  return codec;
}

/** A multiple of 32 in 32..1024, as the five halvings need it. @throws ParseError */
export function readResolution(field: ConfigField): number {
  const value = field.whole(32, 1024);
  if (value % 32 !== 0) throw field.problem('a multiple of 32');
  return value;
}

function readBlock(block: ConfigField): MobileBlock {
  return { expand: block.get('expand').oneOf(EXPANDS), kernel: block.get('kernel').oneOf(KERNELS) };
}

function readShort(text: string): unknown {
  const [stages, resolution] = text.split('@');
  return {
    stages: stages.split('|').map((stage) =>
      stage.split(',').map((block) => {
        const numbers = /^e(\d)k(\d)$/.exec(block.trim());
        return numbers === null ? block : { expand: Number(numbers[1]), kernel: Number(numbers[2]) };
      }),
    ),
    ...(resolution === undefined ? {} : { resolution: Number(resolution) }),
  };
}
