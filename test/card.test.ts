import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
const declared = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };

/** The design card's packages and the folder in which each does its job. */
const card: readonly (readonly [string, string])[] = [
  ['tslab', 'src/kernel'],
  ['@tensorflow/tfjs-node', 'src/nn'],
  ['danfojs-node', 'src/notebook'],
  ['plotly.js-dist', 'src/notebook'],
  ['arquero', 'src/notebook'],
  ['vitest', 'test'],
];

test.each(card)('%s is a dependency with an exact version and is used in %s', (name, folder) => {
  expect(declared[name]).toMatch(/^\d+\.\d+\.\d+$/);
  const named = new RegExp(`(from|import|require|resolve)\\W{1,4}${name.replace(/[.@/]/g, '\\$&')}['"/]`);
  const users = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => named.test(readFileSync(join(root, folder, file), 'utf8')));
  expect(users, `no file in ${folder} loads ${name}`).not.toEqual([]);
});

test.each([
  'package.json',
  'tsconfig.json',
  'notebooks',
  'src',
  'data',
  'test',
  'environment.md',
])('%s stands at the top level', (name) => {
  expect(readdirSync(root)).toContain(name);
});

test('every dependency is pinned to one version', () => {
  const loose = Object.entries(declared).filter(
    ([name, version]) => name !== 'nascope' && !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});
