/** Mathematics for labels: the same bits everywhere. Nothing that a label depends on may call `Math.exp` and its like. */
export { cos, exp, fillGaussian, gaussian, log, sin } from '../core/base/exact-math.js';
