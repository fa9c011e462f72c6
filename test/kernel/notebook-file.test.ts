import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataError, ParseError } from '../../src/core/base/errors.js';
import { formatNotebook, parseNotebook, readNotebook, writeNotebook } from '../../src/kernel/notebook-file.js';
import { applyParameters, parseParameter } from '../../src/kernel/parameters.js';
import { stripOutputs } from '../../src/kernel/strip-outputs.js';
import { book, code, prose, temporaryFolder } from './small-notebooks.js';

const folder = temporaryFolder();

describe('a notebook file', () => {
  const full = book(
    prose('# Title\n\ntext'),
    code('let a = 1;\na', {
      outputs: [
        { output_type: 'stream', name: 'stderr', text: 'one\ntwo' },
        { output_type: 'display_data', data: { 'text/html': '<b>\n</b>', 'application/json': { a: [1, 2] } }, metadata: {} },
        { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['t'] },
      ],
    }),
  );

  test('reads back what was written', async () => {
    const path = join(folder, 'deep', 'er', 'a.ipynb');
    await writeNotebook(path, full);
    expect(await readNotebook(path)).toEqual(full);
    expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['a.ipynb']);
  });

  test('keeps texts as lists of lines, so that git shows changes by line', () => {
    expect(JSON.parse(formatNotebook(full)).cells[0].source).toEqual(['# Title\n', '\n', 'text']);
  });

  test('that is not JSON is a ParseError with the place', () => {
    expect(() => parseNotebook('{"cells": [}', 'x.ipynb')).toThrow(ParseError);
    expect(() => parseNotebook('{"cells": [}', 'x.ipynb')).toThrow("Unexpected token '}'");
    expect(() => parseNotebook('{"cells": [1 2]}', 'x.ipynb')).toThrow('at character 13');
  });

  test.each([
    ['[]', 'an object at the file'],
    ['{"nbformat": 3, "metadata": {}, "cells": []}', '4 at nbformat'],
    ['{"nbformat": 4, "metadata": {}}', 'a list at cells'],
    [
      '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": 7}]}',
      'a text or a list of lines at cells[0].source',
    ],
    [
      '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "poem", "source": ""}]}',
      'code, markdown or raw at cells[0].cell_type',
    ],
    [
      '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "", "outputs": [{"output_type": "x"}]}]}',
      'at cells[0].outputs[0].output_type',
    ],
    [
      '{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "raw", "source": "", "metadata": {"tags": "t"}}]}',
      'a list at cells[0].metadata.tags',
    ],
  ])('that is %s is a DataError naming the field', (text, field) => {
    expect(() => parseNotebook(text, 'x.ipynb')).toThrow(DataError);
    expect(() => parseNotebook(text, 'x.ipynb')).toThrow(field);
  });

  test('that cannot be written leaves the old one and no temporary file', async () => {
    const blocked = join(folder, 'blocked.ipynb');
    await writeNotebook(join(blocked, 'inner.ipynb'), full);
    await expect(writeNotebook(blocked, full)).rejects.toThrow(DataError);
    expect(readdirSync(blocked)).toEqual(['inner.ipynb']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('without outputs keeps tags and sources and nothing of the run', () => {
    const run = book(
      { ...code('1', { tags: ['parameters'] }), metadata: { tags: ['parameters'], execution: { t: 1 } } },
      full.cells[1],
    );
    const stripped = stripOutputs(run);
    expect(stripped.cells[0]).toMatchObject({ metadata: { tags: ['parameters'] }, outputs: [] });
    expect(Object.keys(stripped.cells[0].metadata)).toEqual(['tags']);
    expect(stripped.cells[1]).toMatchObject({ source: 'let a = 1;\na', outputs: [], execution_count: null });
    expect(stripOutputs(stripped)).toEqual(stripped);
  });
});

describe('parameters', () => {
  const constants = [
    '// what this run is about',
    "const dataset = 'cifar10'; // or cifar100",
    'let trainSize: number = 128',
    'const quick = false;',
    'const sizes = [32, 128];',
    'const made = trainSize * 2;',
  ].join('\n');
  const notebook = book(code('trainSize'), code(constants, { tags: ['parameters'] }));
  const sourceWith = (values: Record<string, string>): string => applyParameters(notebook, values, 'x.ipynb').cells[1].source;

  test('replace literals of their own type and leave everything else as it stands', () => {
    expect(sourceWith({ dataset: 'ImageNet16-120', trainSize: '1e3', quick: 'true', sizes: '[8]' })).toBe(
      [
        '// what this run is about',
        'const dataset = "ImageNet16-120"; // or cifar100',
        'let trainSize: number = 1000',
        'const quick = true;',
        'const sizes = [8];',
        'const made = trainSize * 2;',
      ].join('\n'),
    );
    expect(sourceWith({})).toBe(constants);
    expect(notebook.cells[1].source).toBe(constants);
  });

  test('stay literals whatever they hold', () => {
    const source = sourceWith({ dataset: "'; process.exit(); '\n`$" + '{1}`' });
    expect(source.split('\n')[1]).toBe(`const dataset = "'; process.exit(); '\\n\`\${1}\`"; // or cifar100`);
  });

  test.each([
    [{ trainSize: 'many' }, ParseError, 'a number'],
    [{ trainSize: '' }, ParseError, 'a number'],
    [{ quick: '1' }, ParseError, 'true or false'],
    [{ sizes: '32' }, ParseError, 'a JSON list'],
    [{ made: '5' }, ParseError, 'is not a text'],
    [{ datset: 'x' }, DataError, 'dataset, trainSize, quick, sizes, made'],
    [{ toString: 'x' }, DataError, 'a parameter named toString'],
  ])('refuse %j', (values, kind, words) => {
    expect(() => sourceWith(values as Record<string, string>)).toThrow(kind);
    expect(() => sourceWith(values as Record<string, string>)).toThrow(words);
  });

  test('need a tagged cell', () => {
    expect(() => applyParameters(book(code('1')), { a: '1' }, 'x.ipynb')).toThrow('tagged "parameters"');
  });

  test('are written name=value, and only the first = counts', () => {
    expect(parseParameter('a=b=c')).toEqual(['a', 'b=c']);
    expect(() => parseParameter('=b')).toThrow(ParseError);
    expect(() => parseParameter('ab')).toThrow(ParseError);
  });
});

describe('the committed notebooks', () => {
  const notebooks = new URL('../../notebooks/', import.meta.url);
  const names = readdirSync(notebooks).filter((name) => name.endsWith('.ipynb'));

  test('carry no outputs, name the kernel tslab, and are written as this package writes them', () => {
    expect(names).toContain('01-first-look.ipynb');
    for (const name of names) {
      const text = readFileSync(new URL(name, notebooks), 'utf8');
      const notebook = parseNotebook(text, name);
      expect(formatNotebook(stripOutputs(notebook))).toBe(text);
      expect(notebook.metadata.kernelspec?.name).toBe('tslab');
    }
  });
});
