// What the module exports. It keeps no data of its own: the caller lays out the memory. Raise ENGINE_VERSION
// (src/micro/engine/version.ts) with any change that changes a bit of a result.
export { contract, contractWeights, pack, packTurned, spreadPatches } from './engine/contract.as';
export { batchnormBackward, batchnormEvaluate, batchnormTrain } from './engine/batchnorm.as';
export { activate, activateBackward, add, copy, fill, multiply, relu, reluBackward } from './engine/elementwise.as';
export { copyColumns, cropCopy, depthToSpace, padCopy } from './engine/layout.as';
export { meanPixels, meanPixelsBackward, scalePixels, scalePixelsBackward, sumRows } from './engine/reduce.as';
export { averagePool, averagePoolBackward, maxPool, maxPoolBackward } from './engine/pool.as';
export { depthwise, depthwiseBackward, depthwiseWeights, turnTaps } from './engine/depthwise.as';
export { crossEntropy, descend, sigmoidCrossEntropy, squaredError } from './engine/loss.as';
