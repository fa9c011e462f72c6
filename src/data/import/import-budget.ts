import { DataError } from '../../core/base/errors.js';
import { SHORT } from './constant.js';

const MOST_ITEMS = 500_000;
/** They take 8 bytes each in memory, and as little as one in a file. */
const MOST_NUMBERS = 4e6;

/** What is kept of a file, counted over all of it: no network has so much, and it would fill the memory. */
export class ImportBudget {
  private items = MOST_ITEMS;
  private numbers = MOST_NUMBERS;

  constructor(private readonly path: string) {}

  /** A node, a tensor, an attribute or a name. @throws DataError past what networks have. */
  item(count = 1): void {
    this.items -= count;
    if (this.items >= 0) return;
    const expected = `at most ${MOST_ITEMS} nodes, tensors, attributes and names`;
    throw new DataError({ path: this.path, expected, got: 'more', fix: 'The file is no network, or damaged.' });
  }

  /** Whether so many more numbers are kept: short lists always are. */
  keeps(numbers: number): boolean {
    if (numbers > SHORT) this.numbers -= numbers;
    return numbers <= SHORT || this.numbers >= 0;
  }
}
