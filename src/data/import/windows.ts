import type { Extent, Padding } from '../../core/ir/compute-graph.js';
import { gives, HEAVY, type Meaning, NAMED, type Sketch, type Tensor } from './meaning.js';

/** How a kernel goes over an image: one number for each of its axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padding: 'same' | 'valid' | { readonly before: readonly number[]; readonly after: readonly number[] };
  /** Whether a last place that the image does not fill counts. */
  readonly ceil: boolean;
}

/** Extents of the image inside of a tensor. */
export function imageExtents(shape: readonly number[], channelsFirst: boolean): readonly number[] {
  return channelsFirst ? shape.slice(2) : shape.slice(1, -1);
}

export function channelsOf(shape: readonly number[], channelsFirst: boolean): number {
  return channelsFirst ? shape[1] : shape[shape.length - 1];
}

/** The tensor's shape with another image and other channels in it. */
export function withImage(
  shape: readonly number[],
  extents: readonly number[],
  channels: number,
  channelsFirst: boolean,
): number[] {
  return channelsFirst ? [shape[0], channels, ...extents] : [shape[0], ...extents, channels];
}

/** How many places the window has along each axis; null where it does not fit. */
export function placesOf(extents: readonly number[], window: Window): number[] | null {
  const { kernel, stride, dilation, padding, ceil } = window;
  if ([kernel, stride, dilation].some((list) => list.length !== extents.length || list.some((value) => !(value >= 1))))
    return null;
  const places = extents.map((extent, i) => {
    if (padding === 'same') return Math.ceil(extent / stride[i]);
    const before = padding === 'valid' ? 0 : padding.before[i];
    const around = padding === 'valid' ? 0 : before + padding.after[i];
    const room = (extent + around - (kernel[i] - 1) * dilation[i] - 1) / stride[i];
    if (!ceil) return Math.floor(room) + 1;
    const count = Math.ceil(room) + 1;
    // A window that would begin in the padding behind the image does not count.
    return (count - 1) * stride[i] >= extent + before ? count - 1 : count;
  });
  return places.every((count) => Number.isInteger(count) && count >= 1) ? places : null;
}

/** A convolution whose weights the file holds. `multiplier` is of channels, for one kernel a channel; else null. */
export function convolution(
  x: Tensor,
  window: Window,
  weights: { readonly filters: number; readonly groups: number; readonly bias: boolean },
  channelsFirst: boolean,
): Meaning | null {
  const extents = imageExtents(x.shape, channelsFirst);
  const places = placesOf(extents, window);
  const channels = channelsOf(x.shape, channelsFirst);
  const { filters, groups, bias } = weights;
  if (places === null || !(filters >= 1) || !(groups >= 1) || channels % groups !== 0 || filters % groups !== 0) return null;
  const shape = withImage(x.shape, places, filters, channelsFirst);
  const [kernel, stride, dilation] = [flat(window.kernel), flat(window.stride), flat(window.dilation)];
  if (kernel === null || stride === null || dilation === null) return gives(shape, HEAVY, 'spatial');
  const common = { kernel, stride, dilation, padding: marginsOf(window, extents, places), bias };
  const each = groups === channels && groups > 1 && filters % channels === 0;
  const op: Sketch = each
    ? { type: 'depthwise', multiplier: filters / channels, ...common }
    : { type: 'conv2d', filters, groups, ...common };
  return gives(shape, op, 'spatial');
}

export function pooling(x: Tensor, mode: 'max' | 'avg', window: Window, channelsFirst: boolean): Meaning | null {
  const extents = imageExtents(x.shape, channelsFirst);
  const places = placesOf(extents, window);
  if (places === null) return null;
  const shape = withImage(x.shape, places, channelsOf(x.shape, channelsFirst), channelsFirst);
  const [kernel, stride] = [flat(window.kernel), flat(window.stride)];
  if (kernel === null || stride === null || window.dilation.some((step) => step !== 1)) return gives(shape, NAMED, 'spatial');
  return gives(shape, { type: 'pool', mode, kernel, stride, padding: marginsOf(window, extents, places) }, 'spatial');
}

/** Along height and width; a sequence is an image of width 1. Null for volumes. */
function flat(list: readonly number[]): Extent | null {
  return list.length === 1 ? [list[0], 1] : list.length === 2 ? [list[0], list[1]] : null;
}

/** The padding that gives as many places, where a last place that is not filled counts too. */
function marginsOf(
  { kernel, stride, dilation, padding, ceil }: Window,
  extents: readonly number[],
  places: readonly number[],
): Padding {
  if (padding === 'same') return 'same';
  const before = padding === 'valid' ? extents.map(() => 0) : padding.before;
  const given = padding === 'valid' ? before : padding.after;
  const after = given.map((margin, i) => {
    const needed = (places[i] - 1) * stride[i] + (kernel[i] - 1) * dilation[i] + 1 - extents[i] - before[i];
    return ceil ? Math.max(margin, needed) : margin;
  });
  if (before.every((margin) => margin === 0) && after.every((margin) => margin === 0)) return 'valid';
  return [before[0], after[0], before[1] ?? 0, after[1] ?? 0];
}
