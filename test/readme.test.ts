import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { describeShared, published } from './shared.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'nascope-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every file that the README links to exists', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((m) => m[1]);
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) expect(() => readFileSync(join(root, link)), link).not.toThrow();
});

describeShared('the README’s program', () => {
  test('prints the number that its comment promises', () => {
    const [, program] = /```ts\n([\s\S]*?)```/.exec(readme) as RegExpExecArray;
    const [, promised] = /console\.log\(tau\.toFixed\(3\)\); \/\/ ([\d.]+)/.exec(program) as RegExpExecArray;
    const file = join(folder, 'fifteen-lines.mjs');
    writeFileSync(file, program.replace("'nascope'", JSON.stringify(pathToFileURL(join(root, 'dist/index.js')).href)));
    const env = { ...process.env, ...published };
    const printed = execFileSync(process.execPath, [file], { env, encoding: 'utf8' });
    expect(printed.split('\n')[0]).toBe(promised);
    expect(
      program
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '').length,
    ).toBeLessThanOrEqual(15);
  });
});
