import { describe, expect, test } from 'vitest';
import { ParseError } from '../../../src/core/base/errors.js';

const message = (text: string, at: number, what = 'x'): string => new ParseError({ what, text, at, expected: 'y' }).message;

describe('ParseError', () => {
  test('says what came where the whole value is wrong, and keeps offset 0 for programs', () => {
    const error = new ParseError({ what: '--model', text: 'nope', at: 0, expected: 'one of rf' });
    expect(error.message).toBe('--model: expected one of rf, got "nope"');
    expect(error).toMatchObject({
      code: 'parse',
      name: 'ParseError',
      what: '--model',
      text: 'nope',
      at: 0,
      expected: 'one of rf',
    });
    expect(message('', 0)).toBe('x: expected y, got ""');
  });

  test('says the place where a part is wrong', () => {
    expect(message('(4, 0, x, 1)', 7)).toBe('x: expected y at character 7 of "(4, 0, x, 1)"');
    expect(message('(4, 0', 5)).toBe('x: expected y at character 5 of "(4, 0"');
    expect(message('graf,"nope"', 5)).toBe('x: expected y at character 5 of "graf,"nope""');
  });

  test('shows one line of many: the first, or the one with the place, counted from its start', () => {
    const text = '{\n  "cells": [\r\n    1 2\n  ]\n}';
    expect(message(text, text.indexOf('2'))).toBe('x: expected y at character 6 of line 3, "    1 2"');
    expect(message(text, 2)).toBe('x: expected y at character 0 of line 2, "  "cells": ["');
    expect(message(text, 0)).toBe('x: expected y, got "{" and more lines');
    expect(message('\n nope \n', 0)).toBe('x: expected y, got "nope "');
    expect(message(text, text.length)).toBe('x: expected y at character 1 of line 5, "}"');
  });

  test('shows a long line around the place', () => {
    const text = `${'a'.repeat(500)}!${'b'.repeat(500)}`;
    expect(message(text, 500)).toBe(
      `x: expected y at character 500 of "…${'a'.repeat(60)}!${'b'.repeat(59)}…" (1001 characters)`,
    );
    expect(message(text, 0)).toBe(`x: expected y, got "${'a'.repeat(120)}…" (1001 characters)`);
    expect(message(text, 1001)).toBe(`x: expected y at character 1001 of "…${'b'.repeat(120)}" (1001 characters)`);
    expect(message('a'.repeat(120), 3)).toBe(`x: expected y at character 3 of "${'a'.repeat(120)}"`);
  });

  test('stays on one line whatever the text holds', () => {
    expect(message('a\tb\u0000\u001b[31m\u2028', 1)).toBe('x: expected y at character 1 of "a\\tb\\u0000\\u001b[31m\\u2028"');
    const text = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join('');
    for (const at of [0, 1, 10, 20, 100, 256]) expect(message(text, at)).toMatch(/^[^\p{Cc}]*$/u);
  });
});
