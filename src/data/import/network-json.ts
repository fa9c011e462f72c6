import { DataError } from '../../core/base/errors.js';

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_VALUES = 3e6;

/**
 * The parsed JSON of a network's file. How many values it holds is counted first: a few bytes of a value take a hundred in
 * memory. @throws DataError where it is none, or larger than any network's.
 */
export function networkJson(bytes: Uint8Array, path: string): unknown {
  let values = 1;
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === COMMA || bytes[i] === LIST || bytes[i] === RECORD) values++;
  if (bytes.length > MOST_BYTES || values > MOST_VALUES) {
    const got = `${values} values in ${bytes.length} bytes`;
    const expected = `JSON of at most ${MOST_VALUES} values in ${MOST_BYTES} bytes`;
    throw new DataError({ path, expected, got, fix: 'Weights do not belong there.' });
  }
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw new DataError({ path, expected: 'JSON', got, fix: 'The file is damaged or cut short.' });
  }
}

const COMMA = 0x2c;
const LIST = 0x5b;
const RECORD = 0x7b;
