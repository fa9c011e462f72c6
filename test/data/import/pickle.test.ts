import { describe, expect, test } from 'vitest';
import { DataError, UnsupportedError } from '../../../src/core/base/errors.js';
import { readPickle, readPickleUntil } from '../../../src/data/import/pickle.js';
import { OPCODES } from '../../../src/data/import/pickle-opcodes.js';
import { InertRecord, PickleGlobal, type PickleValue, pickleField } from '../../../src/data/import/pickle-value.js';
import { EVERY_KIND } from './pickle-bytes.js';

type Part = number | string | readonly number[];

/** A pickle spelt out: codes and operands, texts as Latin-1. */
function assemble(...parts: Part[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === 'number') return [part];
      return typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part;
    }),
  );
}

const read = (...parts: Part[]): PickleValue => readPickle(assemble(...parts));

describe('a pickle of every kind of value', () => {
  for (const [protocol, base64] of Object.entries(EVERY_KIND)) {
    test(`reads the same in protocol ${protocol}`, () => {
      const value = readPickle(Buffer.from(base64, 'base64')) as Map<PickleValue, PickleValue>;
      const at = (key: string): PickleValue | undefined => value.get(key);
      expect(at('none')).toBeNull();
      expect(at('bools')).toEqual([true, false]);
      expect(at('ints')).toEqual([0, 7, 200, -2, 70000, -70000, 2 ** 40, -(2 ** 31), 2n ** 53n, -(2n ** 70n), 255, 256, 65536]);
      expect(at('floats')).toEqual([0.1, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300]);
      expect(at('nan')).toBeNaN();
      expect(at('text')).toBe('Grüße ✓ 𝄞\n\\');
      expect(at('bytes')).toEqual(Uint8Array.of(0, 255, 97, 98));
      expect(at('bytearray')).toEqual(Uint8Array.of(120, 121, 122));
      expect(at('tuples')).toEqual([[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4]]);
      expect(at('set')).toEqual(new Set([5]));
      expect(at('frozenset')).toEqual(new Set([6]));
      const shared = at('shared') as PickleValue[];
      expect(shared).toEqual([[1], [1]]);
      expect(shared[0]).toBe(shared[1]);
      expect([...(at('ordered') as Map<PickleValue, PickleValue>)]).toEqual([
        ['b', 1],
        ['a', 2],
      ]);
      expect([...value.keys()]).toContainEqual(['k', 1]);
    });

    test(`keeps a list that holds itself, in protocol ${protocol}`, () => {
      const loop = pickleField(readPickle(Buffer.from(base64, 'base64')), 'loop') as PickleValue[];
      expect(loop).toHaveLength(1);
      expect(loop[0]).toBe(loop);
    });

    test(`keeps objects of unknown classes as records, in protocol ${protocol}`, () => {
      const value = readPickle(Buffer.from(base64, 'base64'));
      const point = pickleField(value, 'object') as InertRecord;
      expect(point).toBeInstanceOf(InertRecord);
      expect(point.class).toBe('somewhere.geometry.Point');
      expect(pickleField(point, 'x')).toBe(1.5);
      expect(pickleField(point, 'name')).toBe('p');
      // Protocols 0 and 1 give the dict's content as an argument, later ones set its keys.
      const dictlike = pickleField(value, 'dictlike') as InertRecord;
      expect(dictlike.class).toBe('somewhere.geometry.D');
      expect(new Map([...dictlike.entries, ...(dictlike.args.find((a) => a instanceof Map) ?? new Map())])).toEqual(
        new Map([['k', 1]]),
      );
      const listlike = pickleField(value, 'listlike') as InertRecord;
      expect([...listlike.items, ...listlike.args.flat()]).toEqual([3, 4]);
    });

    test(`is refused by name wherever it is cut short, in protocol ${protocol}`, () => {
      const bytes = Buffer.from(base64, 'base64');
      expect(bytes.length).toBeGreaterThan(300);
      for (let end = 0; end < bytes.length; end++) expect(() => readPickle(bytes.subarray(0, end))).toThrow(DataError);
    });
  }
});

describe('operations that Python itself seldom or no longer writes', () => {
  const { MARK, STOP, POP, POP_MARK, DUP, NONE, REDUCE, EMPTY_TUPLE, EMPTY_DICT, EMPTY_LIST, BININT1 } = OPCODES;
  const { APPEND, BUILD, OBJ, NEWOBJ_EX, STACK_GLOBAL, SHORT_BINUNICODE, TUPLE, TUPLE1, SETITEM } = OPCODES;
  const one = [BININT1, 1];
  const two = [BININT1, 2];

  test.each<[string, PickleValue, Part[]]>([
    ['INT with a sign', -12, ['I-12\n']],
    ['INT 00 and 01 are booleans', [false, true], [MARK, 'I00\nI01\n', TUPLE]],
    ['LONG with and without L', [7, 8], [MARK, 'L7L\nL8\n', TUPLE]],
    ['LONG4', -(2n ** 63n), [OPCODES.LONG4, [8, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0x80]]],
    ['LONG1 of no bytes is 0', 0, [OPCODES.LONG1, 0]],
    ['STRING with escapes', "a'\n\x01\xff", ["S'a\\'\\n\\x01\\377'\n"]],
    ['STRING in double quotes', "it's", ['S"it\'s"\n']],
    ['BINSTRING and SHORT_BINSTRING', ['\xe9', 'b'], [MARK, 'T', [1, 0, 0, 0], '\xe9', 'U', 1, 'b', TUPLE]],
    ['UNICODE with escapes', 'é✓𝄞', ['V\xe9\\u2713\\U0001d11e\n']],
    [
      'BINUNICODE8 and BINBYTES8',
      ['a', Uint8Array.of(98)],
      [MARK, 0x8d, [1, 0, 0, 0, 0, 0, 0, 0], 'a', 0x8e, [1, 0, 0, 0, 0, 0, 0, 0], 'b', TUPLE],
    ],
    ['a lone surrogate, as Python lets one pass', 'a\ud800', [0x8c, 4, 'a\xed\xa0\x80']],
    ['a byte-order mark stays', '\ufeffa', [0x8c, 4, '\xef\xbb\xbfa']],
    ['FLOAT words', [Number.NaN, Number.NEGATIVE_INFINITY, 2.5], [MARK, 'Fnan\nF-inf\nF2.5\n', TUPLE]],
    ['DUP and POP', [1, 1], [MARK, one, DUP, NONE, POP, TUPLE]],
    ['POP of a mark, and POP_MARK', 1, [one, MARK, POP, MARK, two, two, POP_MARK]],
    ['LIST and DICT', [[1, 2], new Map([[1, 2]])], [MARK, MARK, one, two, OPCODES.LIST, MARK, one, two, OPCODES.DICT, TUPLE]],
    ['PUT and GET at a far place', [1, 1], [MARK, one, 'p4000000000\n', 'g4000000000\n', TUPLE]],
    ['LONG_BINPUT and LONG_BINGET', [1, 1], [MARK, one, 'r', [9, 0, 0, 1], 'j', [9, 0, 0, 1], TUPLE]],
    ['READONLY_BUFFER changes nothing', Uint8Array.of(98), [0x43, 1, 'b', OPCODES.READONLY_BUFFER]],
    ['BYTEARRAY8', Uint8Array.of(98), [OPCODES.BYTEARRAY8, [1, 0, 0, 0, 0, 0, 0, 0], 'b']],
    ['ADDITEMS', new Set([1, 2]), [OPCODES.EMPTY_SET, MARK, one, two, OPCODES.ADDITEMS]],
    ['FROZENSET', new Set([1, 2]), [MARK, one, two, OPCODES.FROZENSET]],
    [
      'a list from a call may be appended to',
      [[1], []],
      [MARK, 'c__builtin__\nlist\n', EMPTY_LIST, 'q', 0, TUPLE1, REDUCE, one, APPEND, 'h', 0, TUPLE],
    ],
    ['defaultdict', new Map([[1, 2]]), ['ccollections\ndefaultdict\nc__builtin__\nint\n', TUPLE1, REDUCE, one, two, SETITEM]],
    [
      'an OrderedDict of pairs',
      new Map([[1, 2]]),
      ['ccollections\nOrderedDict\n', EMPTY_LIST, MARK, one, two, OPCODES.LIST, APPEND, TUPLE1, REDUCE],
    ],
    [
      'the attributes of an OrderedDict are let go',
      new Map(),
      ['ccollections\nOrderedDict\n', EMPTY_TUPLE, REDUCE, EMPTY_DICT, BUILD],
    ],
  ])('%s', (_, expected, parts) => {
    expect(read(...parts, STOP)).toEqual(expected);
  });

  test.each<[string, string, PickleValue[], Part[]]>([
    ['INST', 'a.B', [1], [MARK, one, 'ia\nB\n']],
    ['OBJ', 'a.B', [1], [MARK, 'ca\nB\n', one, OBJ]],
    ['NEWOBJ_EX', 'a.B', [1], ['ca\nB\n', one, TUPLE1, EMPTY_DICT, NEWOBJ_EX]],
    [
      'NEWOBJ_EX with named arguments',
      'a.B',
      [new Map([['k', 1]])],
      ['ca\nB\n', EMPTY_TUPLE, EMPTY_DICT, SHORT_BINUNICODE, 1, 'k', one, SETITEM, NEWOBJ_EX],
    ],
    ['STACK_GLOBAL', 'a.B.C', [], [SHORT_BINUNICODE, 1, 'a', SHORT_BINUNICODE, 3, 'B.C', STACK_GLOBAL, EMPTY_TUPLE, REDUCE]],
    ['EXT1', 'copyreg.extension_5', [], [OPCODES.EXT1, 5, EMPTY_TUPLE, REDUCE]],
    ['EXT2', 'copyreg.extension_261', [], [OPCODES.EXT2, [5, 1], EMPTY_TUPLE, REDUCE]],
    ['EXT4', 'copyreg.extension_5', [], [OPCODES.EXT4, [5, 0, 0, 0], EMPTY_TUPLE, REDUCE]],
    ['PERSID', 'persistent id', ['file 7'], ['Pfile 7\n']],
    ['BINPERSID', 'persistent id', [1], [one, OPCODES.BINPERSID]],
  ])('%s gives a record', (_, name, args, parts) => {
    const record = read(...parts, STOP) as InertRecord;
    expect(record).toBeInstanceOf(InertRecord);
    expect(record.class).toBe(name);
    expect(record.args).toEqual(args);
  });

  test('there are 68, and each is obeyed', () => {
    expect(new Set(Object.values(OPCODES)).size).toBe(68);
    for (const code of Object.values(OPCODES)) {
      let message = '';
      try {
        read(code);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).not.toMatch(/an operation of protocols/);
    }
  });

  test('asks for persistent objects where it is told how', () => {
    const value = readPickle(assemble('Pa\n', STOP), { persistent: (id) => [id, 'loaded'] });
    expect(value).toEqual(['a', 'loaded']);
  });

  test('reads pickle after pickle of one file', () => {
    const bytes = assemble(one, STOP, two, STOP);
    const first = readPickleUntil(bytes);
    expect(first).toEqual({ value: 1, end: 3 });
    expect(readPickleUntil(bytes, { at: first.end })).toEqual({ value: 2, end: 6 });
  });
});

describe('a pickle that would have Python run something', () => {
  const payloads: [string, string, string][] = [
    ['os.system', 'os.system', "cos\nsystem\n(S'touch /tmp/owned'\ntR."],
    ['posix.system by protocol 2', 'posix.system', '\x80\x02cposix\nsystem\nX\x0b\x00\x00\x00touch ownedq\x00\x85R.'],
    ['eval', 'builtins.eval', "cbuiltins\neval\n(V__import__('os').getcwd()\ntR."],
    ['an instance of subprocess.Popen', 'subprocess.Popen', '(isubprocess\nPopen\n.'],
  ];
  test.each(payloads)('%s is a record of what it would have run', (_, name, text) => {
    const record = read(text) as InertRecord;
    expect(record).toBeInstanceOf(InertRecord);
    expect(record.class).toBe(name);
  });

  test('keeps calls of what calls give as records too', () => {
    // getattr(__import__('os'), 'system')('id')
    const record = read("cbuiltins\ngetattr\n(cbuiltins\n__import__\n(S'os'\ntRS'system'\ntR(S'id'\ntR.") as InertRecord;
    expect(record.class).toBe('call');
    expect((record.args[0] as InertRecord).class).toBe('builtins.getattr');
    expect(record.args[1]).toBe('id');
  });

  test('does not confuse names with those of JavaScript', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      const record = read(`cObject\n${name}\n)R}b.`) as InertRecord;
      expect(record.class).toBe(`Object.${name}`);
      expect(read(`c${name}\n${name}\n.`)).toEqual(new PickleGlobal(`${name}.${name}`));
    }
    const dict = read('}U\x09__proto__}s.') as Map<PickleValue, PickleValue>;
    expect([...dict.keys()]).toEqual(['__proto__']);
  });

  test('a known name with other arguments than its own is a record', () => {
    expect((read('cnumpy.core.multiarray\nscalar\n(I1\nI2\ntR.') as InertRecord).class).toBe('numpy.core.multiarray.scalar');
    expect((read('ctorch._utils\n_rebuild_tensor_v2\n(I1\ntR.') as InertRecord).class).toBe('torch._utils._rebuild_tensor_v2');
    expect((read("c_codecs\nencode\n(S'a'\nS'rot13'\ntR.") as InertRecord).class).toBe('_codecs.encode');
  });
});

describe('a damaged or hostile pickle', () => {
  test.each([
    ['no bytes', ''],
    ['an unknown operation', '\x01.'],
    ['nothing on the stack', '.'],
    ['an append to a number', 'K\x01K\x02a.'],
    ['a key without a value', '}(K\x01u.'],
    ['a place of the memo that is empty', 'h\x05.'],
    ['no mark', 't.'],
    ['a text that is not UTF-8', '\x8c\x02\xc3\x28.'],
    ['a frame past the end', `\x80\x04\x95${'\xff'.repeat(8)}N.`],
    ['bytes past the end', `\x8e${'\xff'.repeat(8)}N.`],
    ['a negative length', 'T\xff\xff\xff\xffN.'],
    ['arguments that are no tuple', 'ca\nB\nK\x01R.'],
    ['an integer of a million digits', `I${'9'.repeat(1e6)}\n.`],
    ['a decimal that is none', 'Ione\n.'],
    ['a class without a line end', 'cos'],
  ])('with %s is refused with the byte', (_, text) => {
    expect(() => read(text)).toThrow(DataError);
  });

  test('of a later protocol, or with buffers elsewhere, is refused as unsupported', () => {
    expect(() => read('\x80\x06N.')).toThrow(UnsupportedError);
    expect(() => read('\x80\x05\x97.')).toThrow(UnsupportedError);
  });

  test('is refused at each limit, which the error names', () => {
    const lists = assemble(']'.repeat(5000), 'a'.repeat(4999), '.');
    expect(() => readPickle(lists)).toThrow(/limit of 1000 depth/);
    expect(readPickle(lists, { limits: { depth: 5000 } })).toHaveLength(1);
    expect(() => readPickle(lists, { limits: { items: 1000 } })).toThrow(/limit of 1000 items/);
    expect(() => readPickle(lists, { limits: { bytes: 1000 } })).toThrow(/limit of 1000 bytes/);
    expect(() => readPickle(assemble('N', '\x94'.repeat(11), '.'), { limits: { memo: 10 } })).toThrow(/limit of 10 memo/);
  });

  test('measures depth along the longest way, however often a value is shared', () => {
    // Each list holds the one before twice: 2^30 ways down, 31 lists deep.
    const shared = assemble(
      ']\x94',
      ...Array.from({ length: 30 }, (_, i) => ['(h'.charCodeAt(0), 0x68, i, 0x68, i, 0x6c, 0x94]),
      '.',
    );
    expect(readPickle(shared)).toHaveLength(2);
    expect(() => readPickle(shared, { limits: { depth: 30 } })).toThrow(/depth/);
    expect(readPickle(shared, { limits: { depth: 31 } })).toHaveLength(2);
  });

  test('pays for each copy that it asks for', () => {
    // One array built anew 10,000 times from the same 100,000 bytes.
    const head = "cnumpy.core.multiarray\n_reconstruct\n(I0\nI0\nI0\ntR(I1\n(I100000\ntcnumpy\ndtype\n(S'u1'\nI0\nI1\ntRI00\n";
    const bytes = assemble(
      head,
      0x42,
      [0xa0, 0x86, 1, 0],
      new Array(1e5).fill(7),
      't\x940',
      head.slice(0, head.indexOf('(I1\n')),
      'h\x00b'.repeat(1e4),
      '.',
    );
    expect(() => readPickle(bytes)).toThrow(/limit of \d+ bytes/);
  });
});
