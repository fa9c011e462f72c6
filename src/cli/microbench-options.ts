import { Option } from 'commander';
import { ParseError } from '../core/base/errors.js';
import { MICROBENCH_FOLDER } from '../data/microbench-table.js';
import type { LabelShard } from '../micro/label-plan.js';

/** The folder of a table. */
export function tableOption(): Option {
  return new Option('--table <folder>', 'the table').default(MICROBENCH_FOLDER, "the package's own");
}

/** An option of seeds, joined by commas. */
export function seedList(option: string): (text: string) => number[] {
  return (text) => {
    if (/^\d+(,\d+)*$/.test(text)) return [...new Set(text.split(',').map(Number))].sort((a, b) => a - b);
    throw new ParseError({ what: option, text, at: 0, expected: 'whole numbers joined by commas, as 1,2' });
  };
}

/** The same, or `none`. */
export function seedListOrNone(option: string): (text: string) => number[] {
  const read = seedList(option);
  return (text) => (text === 'none' ? [] : read(text));
}

/** A part of shared work. */
export function readShard(text: string): LabelShard {
  const found = /^(\d+)\/(\d+)$/.exec(text.trim());
  const [index, of] = [Number(found?.[1]), Number(found?.[2])];
  if (found !== null && index < of && of <= 100_000) return { index, of };
  throw new ParseError({ what: '--shard', text, at: 0, expected: 'I/N with I from 0 to N - 1, as 0/8' });
}
