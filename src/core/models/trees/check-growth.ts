import { ShapeError } from '../../base/errors.js';
import type { GrowthSettings } from './growth-settings.js';

/** @param where the factory's name. @throws ShapeError on an option out of range. */
export function checkGrowth(where: string, trees: number, settings: GrowthSettings): void {
  const whole = (option: string, value: number, from: number): void => {
    if (value === Number.POSITIVE_INFINITY && option === 'maxDepth') return;
    if (!(Number.isInteger(value) && value >= from)) {
      throw new ShapeError({ argument: `${where}: ${option}`, expected: `a whole number from ${from}`, got: `${value}` });
    }
  };
  whole('trees', trees, 1);
  whole('minSamplesLeaf', settings.minSamplesLeaf, 1);
  whole('minSamplesSplit', settings.minSamplesSplit, 2);
  whole('maxDepth', settings.maxDepth, 1);
  if (!(settings.maxFeatures > 0 && settings.maxFeatures <= 1)) {
    throw new ShapeError({ argument: `${where}: maxFeatures`, expected: 'a share in (0, 1]', got: `${settings.maxFeatures}` });
  }
}
