import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../src/data/temporary-folder.js';

const built = JSON.stringify(new URL('../../dist/data/temporary-folder.js', import.meta.url).href);

/** Runs a program of the built package that makes a folder `f` in a place of its own, and gives that place's content after it. */
function left(then: string): string[] {
  const place = mkdtempSync(join(tmpdir(), 'nascope-left-'));
  const program = `import { temporaryFolder } from ${built};\nconst f = temporaryFolder('test');\n${then}`;
  spawnSync(process.execPath, ['--input-type=module', '-e', program], { env: { ...process.env, TMPDIR: place, TEMP: place } });
  return readdirSync(place);
}

test('a temporary folder is there, named after its process, until it is removed', () => {
  const { path, remove } = temporaryFolder('test');
  expect(basename(path)).toMatch(new RegExp(`^nascope-test-${process.pid}-`));
  writeFileSync(join(path, 'file'), '');
  remove();
  expect(existsSync(path)).toBe(false);
});

test('a temporary folder goes with its process, whether that ends well or by an error that nobody caught', () => {
  expect(left('')).toEqual([]);
  expect(left('process.exit(3);')).toEqual([]);
  expect(left("throw new Error('unforeseen');")).toEqual([]);
});

test('what killed processes left more than an hour ago goes with the next call for its kind, and nothing else does', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'exit');
  const folder = (name: string, hoursOld: number): string => {
    const path = join(tmpdir(), name);
    mkdirSync(path);
    const time = Date.now() / 1000 - hoursOld * 3600;
    utimesSync(path, time, time);
    return path;
  };
  const swept = folder(`nascope-kind-${dead.pid}-a`, 2);
  const kept = [
    folder(`nascope-kind-${dead.pid}-b`, 0.5),
    folder(`nascope-kind-${process.pid}-c`, 2),
    folder(`nascope-other-${dead.pid}-d`, 2),
    folder('nascope-kind-shards', 2),
  ];
  temporaryFolder('kind').remove();
  expect(existsSync(swept)).toBe(false);
  expect(kept.map((path) => existsSync(path))).toEqual([true, true, true, true]);
});
