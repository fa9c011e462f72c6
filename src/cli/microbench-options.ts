import { ParseError } from '../core/base/errors.js';
import type { LabelShard } from '../micro/label-plan.js';

/** Seeds, joined by commas. */
export function readSeeds(text: string): number[] {
  if (text === 'none') return [];
  const seeds = text.split(',').map(Number);
  if (/^\d+(,\d+)*$/.test(text)) return [...new Set(seeds)].sort((a, b) => a - b);
  throw new ParseError({ what: '--seeds', text, at: 0, expected: 'whole numbers joined by commas, as 1,2' });
}

/** A part of shared work. */
export function readShard(text: string): LabelShard {
  const found = /^(\d+)\/(\d+)$/.exec(text.trim());
  const [index, of] = [Number(found?.[1]), Number(found?.[2])];
  if (found !== null && index < of && of <= 100_000) return { index, of };
  throw new ParseError({ what: '--shard', text, at: 0, expected: 'I/N with I from 0 to N - 1, as 0/8' });
}
