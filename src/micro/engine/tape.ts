import { UnsupportedError } from '../../core/base/errors.js';
import type { TensorShape } from '../../core/ir/compute-graph.js';
import { asImage, volume } from '../../core/ir/shapes.js';
import type { EngineKernels } from '../../wasm/engine.js';
import type { Arena } from './arena.js';
import type { ParameterPlace } from './parameters.js';

export type Step = () => void;
export type FourMargins = readonly [top: number, bottom: number, left: number, right: number];
export const NO_MARGINS: FourMargins = [0, 0, 0, 0];

/** What a node gives, and where: a batch of pictures, with a border of zeros where `margins` are. */
export interface Value {
  readonly node: number;
  readonly shape: TensorShape;
  readonly h: number;
  readonly w: number;
  readonly c: number;
  /** Pixels of the whole batch, borders left out. */
  readonly rows: number;
  /** Numbers of the whole batch, borders left out. */
  readonly count: number;
  readonly at: number;
  readonly margins: FourMargins;
  /** Whether the loss depends on something learned through it. */
  readonly learns: boolean;
  /** Copies with a border, by its margins. */
  readonly padded: Map<string, Value>;
  /** One for all views of the value. */
  readonly gradient: { buffer: GradientBuffer | null };
}

/** May be that of several values, where a sum hands its gradient on. */
export interface GradientBuffer {
  readonly at: number;
  readonly bytes: number;
  holders: number;
}

/** Where a node puts its part of a value's gradient: in the place of what stood there, or on top of it. */
export interface Sink {
  readonly at: number;
  readonly accumulate: boolean;
}

/**
 * A network while it is being laid out: memory, the steps of the way there and back. The way there is laid out first, node
 * after node, then the way back from the last node to the first, in the order in which it will run: a gradient's memory is
 * free for the next one as soon as its last reader is laid out.
 */
export class Tape {
  readonly forward: Step[] = [];
  readonly evaluate: Step[] = [];
  readonly backward: Step[] = [];
  /** Run once, when the memory is there. */
  readonly ready: Step[] = [];
  private readonly tables = new Map<string, number>();
  private readonly borders = new Map<string, number>();

  constructor(
    readonly kernels: EngineKernels,
    readonly arena: Arena,
    readonly batch: number,
    readonly keepAll: boolean,
    readonly takers: Int32Array,
    readonly parameter: (node: number, kind: string) => ParameterPlace,
  ) {}

  /** Both ways of running forward do the same. */
  both(step: Step): void {
    this.forward.push(step);
    this.evaluate.push(step);
  }

  /** @param own whether its memory is to be no one else's: zeros that are never written stay zeros. */
  value(node: number, shape: TensorShape, learns: boolean, margins: FourMargins = NO_MARGINS, own: boolean = false): Value {
    const [h, w, c] = asImage(shape);
    const [top, bottom, left, right] = margins;
    const bytes = this.batch * (h + top + bottom) * (w + left + right) * c * 4;
    const at = own || margins.some((margin) => margin > 0) ? this.arena.keep(bytes) : this.arena.take(bytes);
    return { ...this.extents(shape), node, shape, at, margins, learns, padded: new Map(), gradient: { buffer: null } };
  }

  extents(shape: TensorShape): { h: number; w: number; c: number; rows: number; count: number } {
    const [h, w, c] = asImage(shape);
    return { h, w, c, rows: this.batch * h * w, count: this.batch * volume(shape) };
  }

  /** Where the gradient of a value goes that is written whole. */
  sink(value: Value): Sink {
    const { gradient } = value;
    const accumulate = gradient.buffer !== null;
    gradient.buffer ??= this.newGradient(value);
    return { at: gradient.buffer.at, accumulate };
  }

  /** Where a part is to be added: zeros stand there if nothing else does. */
  adding(value: Value): number {
    const { at, accumulate } = this.sink(value);
    if (!accumulate) this.backward.push(() => this.kernels.fill(at, value.count, 0));
    return at;
  }

  /** `part` gets the whole gradient of `whole` and nothing else, so that they can share it. */
  share(part: Value, whole: Value): boolean {
    const { buffer } = whole.gradient;
    if (this.takers[part.node] !== 1 || part.gradient.buffer !== null || buffer === null) return false;
    part.gradient.buffer = buffer;
    buffer.holders++;
    return true;
  }

  /** Where the gradient of a value stands that all who take it have added to. */
  gradientOf(value: Value): number {
    const { buffer } = value.gradient;
    if (buffer === null) throw new Error(`node ${value.node} has no gradient yet`);
    return buffer.at;
  }

  private newGradient(value: Value): GradientBuffer {
    const bytes = value.count * 4;
    return { at: this.arena.take(bytes), bytes, holders: 1 };
  }

  /** The way back has passed the value's node: no one reads its gradient any more. */
  done(value: Value): void {
    const { buffer } = value.gradient;
    if (buffer === null || this.keepAll) return;
    buffer.holders--;
    if (buffer.holders === 0) this.arena.give(buffer.at, buffer.bytes);
  }

  /** Memory for the steps that `use` lays out, and no longer. */
  scratch(bytes: number, use: (at: number) => void): void {
    const at = this.arena.take(bytes);
    use(at);
    this.arena.give(at, bytes);
  }

  /** A picture with a border of zeros that all steps of the same form share. Only its inside may be written. */
  bordered(h: number, w: number, c: number, [top, bottom, left, right]: FourMargins): number {
    const key = `${h} ${w} ${c} ${top} ${bottom} ${left} ${right}`;
    const known = this.borders.get(key);
    if (known !== undefined) return known;
    const at = this.arena.keep(this.batch * (h + top + bottom) * (w + left + right) * c * 4);
    this.borders.set(key, at);
    return at;
  }

  /**
   * For each output pixel of the batch, where its patch starts within a picture of `height` x `width` x `channels` (borders
   * included), in bytes.
   */
  table(
    out: readonly [h: number, w: number],
    stride: readonly [y: number, x: number],
    from: readonly [y: number, x: number],
    picture: readonly [height: number, width: number, channels: number],
  ): number {
    const key = [out, stride, from, picture].join(' ');
    const known = this.tables.get(key);
    if (known !== undefined) return known;
    const count = this.batch * out[0] * out[1];
    const at = this.arena.keep(count * 4);
    const [height, width, channels] = picture;
    this.ready.push(() => {
      const places = this.arena.ints(at, count);
      let next = 0;
      for (let n = 0; n < this.batch; n++) {
        for (let i = 0; i < out[0]; i++) {
          const line = (n * height + i * stride[0] + from[0]) * width + from[1];
          for (let j = 0; j < out[1]; j++) places[next++] = (line + j * stride[1]) * channels * 4;
        }
      }
    });
    this.tables.set(key, at);
    return at;
  }

  /** The table of a matrix product: patches are whole rows. */
  rowTable(value: Value): number {
    return this.table([value.h, value.w], [1, 1], [0, 0], [value.h, value.w, value.c]);
  }

  /** The value with at least such a border, copied if it has none. */
  withMargins(value: Value, margins: FourMargins): Value {
    if (margins.every((margin, i) => margin <= value.margins[i])) return value;
    const key = margins.join(' ');
    const known = value.padded.get(key);
    if (known !== undefined) return known;
    const padded = this.value(value.node, value.shape, value.learns, margins);
    const { kernels, batch } = this;
    const { at, h, w, c } = value;
    const [top, bottom, left, right] = margins;
    this.both(() => kernels.padCopy(at, padded.at, batch, h, w, c, top, bottom, left, right, false));
    value.padded.set(key, padded);
    return padded;
  }
}

export function unsupported(what: string, where: string): UnsupportedError {
  return new UnsupportedError(
    `Training ${what} (${where})`,
    'The engine trains convolutions, dense layers, batch norm, pools, sums and the like.',
  );
}
