import { describe, expect, it } from 'vitest';
import { ParseError } from '../../../src/core/base/errors.js';
import { type SpaceId, space, spaceNamed } from '../../../src/core/spaces/index.js';

/** Each text with the mark `>` before the character that the error must name. */
const malformed: [space: SpaceId, why: string, text: string, expected: RegExp][] = [
  ['nasbench201', 'too few numbers', '(4, 0, 3, 1, 4>)', /6 numbers, not 5/],
  ['nasbench201', 'too many numbers', '(4, 0, 3, 1, 4, 3, >2)', /6 numbers, not 7/],
  ['nasbench201', 'an operation that does not exist', '(4, 0, 3, 1, >5, 3)', /0\.\.4/],
  ['nasbench201', 'a negative number', '(4, 0, >-3, 1, 4, 3)', /0\.\.4/],
  ['nasbench201', 'a fraction', '(4, 0, >3.5, 1, 4, 3)', /whole number/],
  ['nasbench201', 'a number in letters', '(4, 0, >x, 1, 4, 3)', /whole number/],
  ['nasbench201', 'an open bracket', '(4, 0, 3, 1, 4, 3>', /","/],
  ['nasbench201', 'the wrong closing bracket', '(4, 0, 3, 1, 4, 3>]', /","/],
  ['nasbench201', 'trailing text', '(4, 0, 3, 1, 4, 3) >x', /end of the text/],
  ['nasbench201', 'a nested tuple', '(4, 0, >(3), 1, 4, 3)', /0\.\.4/],
  ['nasbench201', 'no text', '>', /tuple/],
  ['nasbench201', 'an unknown operation', '|avg_pool_3x3~0|+|>conv_5x5~0|none~1|+|none~0|none~1|none~2|', /one of skip_connect/],
  ['nasbench201', 'a wrong source', '|none~0|+|none~0|none>~2|+|none~0|none~1|none~2|', /~1/],
  ['nasbench201', 'a missing node', '|none~0|+|none~0|none~1|>', /"\+"/],
  ['nasbench201', 'trailing text', '|none~0|+|none~0|none~1|+|none~0|none~1|none~2|>+|', /end of the text/],
  ['nasbench201', 'five digits', '40314>', /6 digits/],
  ['nasbench201', 'seven digits', '403143>3', /end of the text/],
  ['nasbench201', 'a digit too great', '40>5143', /0\.\.4/],

  ['nasbench101', 'a length that is no n*n + n', '(0, 1, 0, 0, 0, 1, 1>)', /n\*n \+ n/],
  ['nasbench101', 'an adjacency that is no bit', '(0, >2, 0, 0, 0, 1)', /0\.\.1/],
  ['nasbench101', 'a cycle', '(0, 1, >1, 0, 0, 1)', /earlier to later/],
  ['nasbench101', 'an edge to itself', '(>1, 1, 0, 0, 0, 1)', /earlier to later/],
  ['nasbench101', 'an unknown operation', '(0, 1, 0, 0, 0, 1, 0, 0, 0, 0, >5, 1)', /0\.\.4/],
  ['nasbench101', 'no input', '(0, 1, 0, 0, >2, 1)', /input first/],
  ['nasbench101', 'no output', '(0, 1, 0, 0, 0, >4)', /output last/],
  ['nasbench101', 'a second input', '(0, 1, 0, 0, 0, 1, 0, 0, 0, 0, >0, 1)', /between input and output/],
  ['nasbench101', 'no path', '>(0, 0, 0, 0, 0, 1)', /path from input/],
  ['nasbench101', 'a row too short', '{"matrix":[[0,1],[0>]],"ops":["input","output"]}', /square/],
  ['nasbench101', 'a row too long', '{"matrix":[[0,1],[0,0,>0]],"ops":["input","output"]}', /square/],
  ['nasbench101', 'a row that is a number', '{"matrix":[[0,1],>0],"ops":["input","output"]}', /square/],
  ['nasbench101', 'a cycle in a matrix', '{"matrix":[[0,1],[>1,0]],"ops":["input","output"]}', /earlier to later/],
  ['nasbench101', 'eight vertices', `{"matrix":>${JSON.stringify(Array(8).fill(Array(8).fill(0)))},"ops":[]}`, /2\.\.7 rows/],
  ['nasbench101', 'too few operations', '{"matrix":[[0,1],[0,0]],"ops":["input">]}', /2 operations/],
  ['nasbench101', 'an unknown operation name', '{"matrix":[[0,1],[0,0]],"ops":["input",>"conv5x5"]}', /"conv3x3-bn-relu"/],
  ['nasbench101', 'no operations', '{"matrix":[[0,1],[0,0]]>}', /"ops"/],
  ['nasbench101', 'a key twice', '{"matrix":[[0,1],[0,0]],>"matrix":[]}', /only once/],
  [
    'nasbench101',
    'ten edges',
    '>(0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 2, 2, 1)',
    /at most 9 edges/,
  ],

  ['nasbench301', 'one cell', '(((0, 3), (1, 3), (0, 2), (2, 3), (2, 3), (0, 3), (2, 6), (3, 5))>)', /two cells/],
  [
    'nasbench301',
    'a predecessor that comes later',
    `(((0, 3), (>2, 3), (0, 2), (2, 3), (2, 3), (0, 3), (2, 6), (3, 5)), ())`,
    /node 0.*0\.\.1/,
  ],
  ['nasbench301', 'an unknown operation', `(((0, 3), (1, >7), (0, 2), (2, 3), (2, 3), (0, 3), (2, 6), (3, 5)), ())`, /0\.\.6/],
  ['nasbench301', 'a triple', `(((0, 3, >1), (1, 3), (0, 2), (2, 3), (2, 3), (0, 3), (2, 6), (3, 5)), ())`, /pair/],
  ['nasbench301', 'a short cell', `(((0, 3), (1, 3)>), ())`, /8 pairs/],
  [
    'nasbench301',
    'an unknown operation name',
    `Genotype(normal=[(>'sep_conv_7x7', 0)${", ('skip_connect', 1)".repeat(7)}])`,
    /sep_conv_3x3/,
  ],
  [
    'nasbench301',
    'a genotype without a cell',
    `Genotype(normal=[${"('skip_connect', 1), ".repeat(7)}('skip_connect', 1)]>)`,
    /"reduce"/,
  ],
  ['nasbench301', 'a call of something else', '>eval(normal=[])', /Genotype/],
  ['nasbench301', 'an expression', 'Genotype(normal=[]>+[])', /"," or "\)"/],
  [
    'nasbench301',
    'an output that leaves a node out',
    `Genotype(normal=[${"('skip_connect', 1), ".repeat(7)}('skip_connect', 1)], normal_concat=>[2, 3, 4])`,
    /all four nodes/,
  ],

  ['transnas-micro', 'another skeleton', '>64-41114-3_12_013', /64-41414-/],
  ['transnas-micro', 'an operation that does not exist', '64-41414-3_1>4_013', /0\.\.3/],
  ['transnas-micro', 'groups in a row', '64-41414-3>12013', /"_"/],
  ['transnas-micro', 'too few digits', '64-41414-3_12_01>', /3 digits/],
  ['transnas-micro', 'trailing text', '64-41414-3_12_013>-basic', /end of the text/],

  ['transnas-macro', 'three blocks', '>(2, 3, 2)', /4\.\.6/],
  ['transnas-macro', 'seven blocks', '>(2, 3, 2, 3, 1, 1, 1)', /4\.\.6/],
  ['transnas-macro', 'block 0', '(2, 3, 2, 3, >0, 1)', /1\.\.4/],
  ['transnas-macro', 'no stride', '>(2, 2, 2, 1)', /halve the resolution/],
  ['transnas-macro', 'four doublings', '>64-4444-basic', /double the channels/],
  ['transnas-macro', 'no ending', '64-2323>', /-basic/],
  ['transnas-macro', 'seven digits', '64-232311>1-basic', /-basic/],
];

describe('malformed architectures', () => {
  it.each(malformed)('%s refuses %s where it stands', (id, _, marked, expected) => {
    const at = marked.indexOf('>');
    const text = marked.slice(0, at) + marked.slice(at + 1);
    const error = refusal(() => space(id).parse(text));
    expect(error).toMatchObject({ what: id, text, at });
    expect(error.expected).toMatch(expected);
  });
});

describe('the registry', () => {
  it('finds a space by its id', () => {
    expect(space('transnas-micro').id).toBe('transnas-micro');
    expect(spaceNamed('nasbench101')).toBe(space('nasbench101'));
  });

  it('names all ids, and the nearest, to who asks for an unknown one', () => {
    const error = refusal(() => spaceNamed('nasbench21'));
    expect(error.expected).toMatch(
      /nasbench101, nasbench201, nasbench301, transnas-micro, transnas-macro.*did you mean nasbench201/,
    );
    expect(refusal(() => spaceNamed('toString')).expected).toMatch(/^one of/);
  });
});

function refusal(work: () => unknown): ParseError {
  try {
    work();
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
