import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Cell, formatNotebook, type Notebook, type Output } from '../../src/kernel/notebook-file.js';

export function code(source: string, options: { tags?: string[]; outputs?: Output[] } = {}): Cell {
  return {
    cell_type: 'code',
    id: 'c',
    metadata: options.tags === undefined ? {} : { tags: options.tags },
    source,
    execution_count: null,
    outputs: options.outputs ?? [],
  };
}

export function prose(source: string): Cell {
  return { cell_type: 'markdown', id: 'm', metadata: {}, source };
}

export function book(...cells: Cell[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } },
    cells: cells.map((cell, i) => ({ ...cell, id: `${cell.id}${i}` })),
  };
}

/** A folder that is removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nascope-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function save(folder: string, name: string, notebook: Notebook): string {
  const path = join(folder, name);
  writeFileSync(path, formatNotebook(notebook));
  return path;
}
