import type { DataId, KernelFunc, TensorInfo } from '@tensorflow/tfjs';
import { UnsupportedError } from '../core/base/errors.js';
import { type Kernels, loadKernels } from '../wasm/kernels.js';
import type { WasmMemory } from '../wasm/load.js';
import type { Tf } from './tf.js';

/** What is used of the WebAssembly backend: tensors stand in one memory, which our kernels share. */
interface WasmBackend {
  readonly wasm: { readonly asm?: { readonly memory?: WasmMemory }; _malloc(bytes: number): number };
  readonly dataIdMap: { get(id: DataId): { readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: string): TensorInfo;
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array;
}

/** What is used of the plain JavaScript backend. */
interface PlainBackend {
  readonly data: { get(id: DataId): { readonly values: ArrayLike<number> } };
  makeTensorInfo(shape: readonly number[], dtype: string, values: Float32Array | Int32Array): TensorInfo;
}

/**
 * Puts our kernels in the place of the WebAssembly backend's matrix product, whose transposed and batched cases are slow
 * (every gradient is one), and adds the sum by segments that it lacks, and with it the gradient of `gather`.
 * The kernels work where the tensors stand: nothing is copied.
 * @throws UnsupportedError when the backend does not show its memory; DataError when the kernels have not been built.
 */
export function registerSimdKernels(tf: Tf): void {
  const { wasm } = tf.backend() as unknown as WasmBackend;
  const memory = wasm.asm?.memory;
  if (memory === undefined) {
    throw new UnsupportedError('a tfjs WebAssembly backend that hides its memory', 'Version 4.22.0 shows it.');
  }
  const kernels = loadKernels(memory);
  const work = wasm._malloc(kernels.gemmWorkBytes()) >>> 0;
  register(tf, 'wasm', 'BatchMatMul', (call: BatchMatMul) => batchMatMul(tf, kernels, work, call));
  register(tf, 'wasm', 'UnsortedSegmentSum', (call: SegmentSum<WasmBackend>) => unsortedSegmentSum(tf, kernels, call));
}

/** Replaces the plain JavaScript backend's sum by segments, which compares every row with every segment. */
export function registerPlainKernels(tf: Tf): void {
  register(tf, 'cpu', 'UnsortedSegmentSum', (call: SegmentSum<PlainBackend>) => plainSegmentSum(tf, call));
}

function register(tf: Tf, backendName: string, kernelName: string, kernelFunc: unknown): void {
  if (tf.getKernel(kernelName, backendName) !== undefined) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as KernelFunc });
}

interface BatchMatMul {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo };
  readonly attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
  readonly backend: WasmBackend;
}

function batchMatMul(tf: Tf, kernels: Kernels, work: number, { inputs: { a, b }, attrs, backend }: BatchMatMul): TensorInfo {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') throw new UnsupportedError('matMul of other than float32', 'Cast it.');
  const { transposeA, transposeB } = attrs;
  const [aRows, aCols] = a.shape.slice(-2);
  const [bRows, bCols] = b.shape.slice(-2);
  const [m, k] = transposeA ? [aCols, aRows] : [aRows, aCols];
  const [depth, n] = transposeB ? [bCols, bRows] : [bRows, bCols];
  tf.util.assert(k === depth, () => `matMul: expected equal inner sides, got ${a.shape} and ${b.shape}`);
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const out = backend.makeOutput([...batch, m, n], 'float32');
  const place = ({ dataId }: TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset;
  const [atA, atB, atOut] = [place(a), place(b), place(out)];
  const count = tf.util.sizeFromShape(batch);
  const aStep = steps(a.shape.slice(0, -2), batch);
  const bStep = steps(b.shape.slice(0, -2), batch);
  if (!transposeA && bStep.every((step) => step === 0) && tf.util.sizeFromShape(a.shape) === count * m * k) {
    // One B for all: the batch is but more rows.
    kernels.gemm(count * m, n, k, atA, false, atB, transposeB, atOut, work);
    return out;
  }
  for (let i = 0; i < count; i++) {
    const itemA = atA + 4 * m * k * item(i, batch, aStep);
    const itemB = atB + 4 * k * n * item(i, batch, bStep);
    kernels.gemm(m, n, k, itemA, transposeA, itemB, transposeB, atOut + 4 * m * n * i, work);
  }
  return out;
}

/** How many items further the next one along each axis of the batch is; 0 where an operand is the same along it. */
function steps(own: readonly number[], batch: readonly number[]): number[] {
  let size = 1;
  const out = new Array<number>(batch.length).fill(0);
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    const extent = own[axis - (batch.length - own.length)] ?? 1;
    if (extent > 1) out[axis] = size;
    size *= extent;
  }
  return out;
}

/** Which of an operand's items belongs to item `i` of the batch. */
function item(i: number, batch: readonly number[], step: readonly number[]): number {
  let at = 0;
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    at += (i % batch[axis]) * step[axis];
    i = Math.floor(i / batch[axis]);
  }
  return at;
}

interface SegmentSum<Backend> {
  readonly inputs: { readonly x: TensorInfo; readonly segmentIds: TensorInfo };
  readonly attrs: { readonly numSegments: number };
  readonly backend: Backend;
}

function unsortedSegmentSum(tf: Tf, kernels: Kernels, call: SegmentSum<WasmBackend>): TensorInfo {
  const { backend } = call;
  const { x, segmentIds } = call.inputs;
  const { rows, width, segments, outShape } = segmentSumShape(tf, call);
  const out = backend.makeOutput(outShape, x.dtype);
  if (x.dtype === 'float32') {
    const [atX, atIds, atOut] = [x, segmentIds, out].map(({ dataId }) => backend.dataIdMap.get(dataId).memoryOffset);
    kernels.segmentSum(atX, atIds, rows, width, atOut, segments);
  } else {
    const [values, ids, sums] = [x, segmentIds, out].map((tensor) => backend.typedArrayFromHeap(tensor));
    sums.fill(0);
    addRows(values, ids, width, sums);
  }
  return out;
}

function plainSegmentSum(tf: Tf, call: SegmentSum<PlainBackend>): TensorInfo {
  const { backend } = call;
  const { x, segmentIds } = call.inputs;
  const { width, segments, outShape } = segmentSumShape(tf, call);
  const sums = x.dtype === 'float32' ? new Float32Array(segments * width) : new Int32Array(segments * width);
  addRows(backend.data.get(x.dataId).values, backend.data.get(segmentIds.dataId).values, width, sums);
  return backend.makeTensorInfo(outShape, x.dtype, sums);
}

function segmentSumShape(
  tf: Tf,
  { inputs: { x, segmentIds }, attrs }: SegmentSum<unknown>,
): { rows: number; width: number; segments: number; outShape: number[] } {
  const inner = x.shape.slice(segmentIds.shape.length);
  const segments = attrs.numSegments;
  const [rows, width] = [tf.util.sizeFromShape(segmentIds.shape), tf.util.sizeFromShape(inner)];
  return { rows, width, segments, outShape: [segments, ...inner] };
}

/** Rows of segments that are not there are left out. */
function addRows(x: ArrayLike<number>, ids: ArrayLike<number>, width: number, sums: Float32Array | Int32Array): void {
  const segments = width === 0 ? 0 : sums.length / width;
  for (let r = 0; r < ids.length; r++) {
    if (ids[r] < 0 || ids[r] >= segments) continue;
    for (let i = 0; i < width; i++) sums[ids[r] * width + i] += x[r * width + i];
  }
}
