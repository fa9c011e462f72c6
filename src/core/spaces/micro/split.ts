import { md5 } from '../../base/md5.js';

export type MicroSplit = 'train_pool' | 'val' | 'test';

/** Shares of the splits, by the hash's place between 0 and 1. */
const VAL_FROM = 0.65;
const TEST_FROM = 0.8;

/**
 * Where an architecture belongs for good: 65 % to draw training sets from, 15 % to choose with, 20 % to test on. By a hash
 * of its canonical id, so that equal networks are never on two sides, and no later draw moves an earlier one.
 */
export function microSplit(family: string, canonicalId: string): MicroSplit {
  const place = Number.parseInt(md5(`${family} ${canonicalId}`).slice(0, 8), 16) / 2 ** 32;
  return place < VAL_FROM ? 'train_pool' : place < TEST_FROM ? 'val' : 'test';
}
