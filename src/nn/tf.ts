/** The tensor library: `@tensorflow/tfjs`, or `@tensorflow/tfjs-node`, which has the same surface and more. */
export type Tf = typeof import('@tensorflow/tfjs');
