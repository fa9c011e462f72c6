import { loadWasm, type WasmMemory } from './load.js';

/**
 * The kernels of network training in float32. Places are in bytes within the memory that they were loaded over, strides in
 * bytes too, everything else counts numbers or pixels; pictures are [batch, height, width, channels]. What each computes
 * stands with its source in `engine/*.as.ts`, and once more in plain TypeScript in `twins/`.
 */
export interface EngineKernels {
  contract(
    ...args: [
      ...[x: number, table: number, panels: number, bias: number, y: number, rows: number, cols: number, ldy: number],
      ...[ny: number, strideY: number, nx: number, strideX: number, len: number, accumulate: boolean],
    ]
  ): void;
  contractWeights(
    ...args: [
      ...[x: number, table: number, dy: number, dw: number, rows: number, cols: number, ldy: number, lddw: number],
      ...[ny: number, strideY: number, nx: number, strideX: number, len: number],
    ]
  ): void;
  spreadPatches(
    ...args: [
      ...[patches: number, table: number, dx: number, rows: number],
      ...[ny: number, strideY: number, nx: number, strideX: number, len: number],
    ]
  ): void;
  pack(w: number, panels: number, lines: number, cols: number, ldw: number): void;
  packTurned(w: number, panels: number, taps: number, inputs: number, outputs: number, flip: boolean): void;

  batchnormTrain(
    ...args: [
      ...[x: number, y: number, rows: number, channels: number, scale: number, shift: number, mean: number, inverse: number],
      ...[runningMean: number, runningVariance: number, momentum: number, epsilon: number],
    ]
  ): void;
  batchnormEvaluate(
    ...args: [
      ...[x: number, y: number, rows: number, channels: number, scale: number, shift: number],
      ...[runningMean: number, runningVariance: number, epsilon: number],
    ]
  ): void;
  batchnormBackward(
    ...args: [
      ...[x: number, dy: number, dx: number, rows: number, channels: number, scale: number, mean: number, inverse: number],
      ...[dscale: number, dshift: number, accumulate: boolean],
    ]
  ): void;

  fill(y: number, count: number, value: number): void;
  copy(x: number, y: number, count: number, accumulate: boolean): void;
  add(a: number, b: number, y: number, count: number): void;
  multiply(a: number, b: number, y: number, count: number, accumulate: boolean): void;
  relu(x: number, y: number, count: number): void;
  reluBackward(x: number, dy: number, dx: number, count: number, accumulate: boolean): void;
  /** 1 relu6, 2 sigmoid, 3 tanh, 4 swish. */
  activate(kind: number, x: number, y: number, count: number): void;
  activateBackward(kind: number, x: number, dy: number, dx: number, count: number, accumulate: boolean): void;

  padCopy(x: number, y: number, ...args: [...Picture, ...Margins, relu: boolean]): void;
  cropCopy(x: number, y: number, ...args: [...Picture, ...Margins, accumulate: boolean]): void;
  copyColumns(x: number, ldx: number, y: number, ldy: number, rows: number, cols: number, accumulate: boolean): void;
  depthToSpace(
    ...args: [
      ...[x: number, y: number, batch: number, h: number, w: number, block: number, c: number],
      ...[back: boolean, accumulate: boolean],
    ]
  ): void;

  meanPixels(x: number, y: number, batch: number, pixels: number, c: number): void;
  meanPixelsBackward(dy: number, dx: number, batch: number, pixels: number, c: number, accumulate: boolean): void;
  sumRows(x: number, y: number, rows: number, cols: number): void;
  scalePixels(x: number, factor: number, y: number, batch: number, pixels: number, c: number, accumulate: boolean): void;
  scalePixelsBackward(
    ...args: [x: number, dy: number, dfactor: number, batch: number, pixels: number, c: number, accumulate: boolean]
  ): void;

  averagePool(x: number, y: number, ...args: PoolWindow): void;
  averagePoolBackward(dy: number, dx: number, ...args: PoolWindow): void;
  maxPool(x: number, y: number, ...args: PoolWindow): void;
  maxPoolBackward(x: number, y: number, dy: number, dx: number, ...args: PoolWindow): void;

  depthwise(x: number, w: number, bias: number, y: number, ...args: [...DepthwiseWindow, accumulate: boolean]): void;
  depthwiseBackward(dy: number, w: number, dx: number, ...args: DepthwiseWindow): void;
  depthwiseWeights(x: number, dy: number, dw: number, ...args: DepthwiseWindow): void;
  turnTaps(w: number, out: number, taps: number, c: number): void;

  crossEntropy(x: number, labels: number, dx: number, rows: number, classes: number, factor: number): number;
  squaredError(x: number, y: number, dx: number, count: number, factor: number): number;
  sigmoidCrossEntropy(x: number, y: number, dx: number, count: number, factor: number): number;
  descend(w: number, g: number, v: number, count: number, rate: number, momentum: number, decay: number): void;
}

export type Picture = [batch: number, h: number, w: number, c: number];
export type Margins = [top: number, bottom: number, left: number, right: number];
export type PoolWindow = [
  ...Picture,
  ...[oh: number, ow: number, kh: number, kw: number, sh: number, sw: number, top: number, left: number],
];
/** The picture with its margins; strides and steps (dilation) in pixels. */
export type DepthwiseWindow = [
  ...Picture,
  ...[oh: number, ow: number, kh: number, kw: number],
  ...[strideY: number, strideX: number, stepY: number, stepX: number],
];

/** The kernels over a memory. They own none of it. @throws DataError when they have not been built. */
export function loadEngine(memory: WasmMemory): EngineKernels {
  return loadWasm<EngineKernels>('engine', memory);
}
