// What the module exports. It keeps no data of its own, so that it may live in any memory: that of tfjs, or its own.
export { gemm, gemmWorkBytes } from './kernels/gemm.as';
export { addToHistogram, takeFromHistogram } from './kernels/histogram.as';
export { segmentSum } from './kernels/segment-sum.as';
