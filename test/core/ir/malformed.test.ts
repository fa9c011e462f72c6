import { expect, it } from 'vitest';
import { DataError } from '../../../src/core/base/errors.js';
import { type Rng, rng } from '../../../src/core/base/rng.js';
import { writeCg } from '../../../src/core/ir/cg-json.js';
import { readCg } from '../../../src/core/ir/cg-json-read.js';
import { graphStats } from '../../../src/core/ir/graph-stats.js';
import { familyNamed } from '../../../src/core/spaces/families/index.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const oddities: readonly Json[] = [
  null,
  true,
  -1,
  0,
  0.5,
  1,
  3,
  1e9,
  1e308,
  '',
  'conv2d',
  [],
  [1],
  [0, 0, 0, 0],
  [-3, 2, 2, 1],
  {},
  [[0, 1]],
  [null],
];

/** The file with one to three values replaced, removed or doubled, anywhere. */
function damaged(file: Json, random: Rng): Json {
  const copy = JSON.parse(JSON.stringify(file)) as Json;
  for (let edits = 1 + random.int(3); edits > 0; edits--) {
    let at = copy;
    for (;;) {
      if (typeof at !== 'object' || at === null) break;
      const holder = at as Record<string, Json>;
      const keys = Object.keys(holder);
      if (keys.length === 0) break;
      const key = keys[random.int(keys.length)];
      const inside = holder[key];
      if (typeof inside === 'object' && inside !== null && random.int(5) > 0) {
        at = inside;
        continue;
      }
      const edit = random.int(6);
      if (edit === 0) delete holder[key];
      else if (edit === 1 && Array.isArray(at)) at.push(structuredClone(inside));
      else holder[key] = structuredClone(oddities[random.int(oddities.length)]);
      break;
    }
  }
  // A removed item of a list is null in JSON.
  return JSON.parse(JSON.stringify(copy)) as Json;
}

it('a damaged graph file is refused by name or read, never anything else', () => {
  const files = ['hiaml', 'nasbench301', 'ofa-mbv3', 'two-path'].map((id) => {
    const family = familyNamed(id);
    return JSON.parse(JSON.stringify(writeCg(family.toCompute(family.parse(family.example))))) as Json;
  });
  let refused = 0;
  let read = 0;
  for (let i = 0; i < 900; i++) {
    // The largest file less often.
    const random = rng(i);
    const file = files[random.int(12) === 0 ? 1 : [0, 2, 3][random.int(3)]];
    try {
      const graph = readCg(damaged(file, random));
      read++;
      if (i % 20 === 0) graphStats(graph);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      expect(error.path).toMatch(/^computation graph/);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(100);
  expect(read).toBeGreaterThan(100);
});
