import { expect, test } from 'vitest';
import { ShapeError } from '../../../src/core/base/errors.js';
import { onehot } from '../../../src/core/features/onehot.js';
import { pathEncoding } from '../../../src/core/features/path-encoding.js';
import { weisfeilerLehman } from '../../../src/core/features/weisfeiler-lehman.js';

test.each([onehot, pathEncoding, weisfeilerLehman])('%o of texts says how to make graphs of them', (encode) => {
  expect(() => encode(['|none~0|+|none~0|none~1|+|none~0|none~1|none~2|'] as never)).toThrow(ShapeError);
  expect(() => encode(['(0, 0, 0, 0, 0, 0)'] as never)).toThrow(/space\.parse/);
});
