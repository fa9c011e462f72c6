#!/usr/bin/env node
// Makes a clone ready to use: installs packages and compiles the sources, each only when it is stale.
// Plain Node without dependencies, because it runs before there are any.
//   node bin/setup.js            install + build what is stale
//   node bin/setup.js --build    build only
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);
/** The WebAssembly modules, by the sources that they start from: `src/wasm/NAME.as.ts` becomes `dist/wasm/NAME.wasm`. */
const modules = ['kernels', 'engine'].filter((name) => existsSync(at('src', 'wasm', `${name}.as.ts`)));

checkNode();
if (!process.argv.includes('--build')) {
  freshen(
    'packages',
    at('node_modules', '.nascope-installed'),
    ['package.json', 'package-lock.json', '.npmrc', 'vendor'],
    install,
  );
}
freshen('build', at('dist', '.built'), ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'], build);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old: nascope needs Node 20.19 or newer.`);
  }
}

/** Runs `work` unless the stamp already carries the hash of all that it depends on. */
function freshen(what, stamp, sources, work) {
  const wanted = hashOf(sources);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const start = Date.now();
  work();
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, wanted);
  say(`${what} ready in ${((Date.now() - start) / 1000).toFixed(0)} s`);
}

function install() {
  say('installing packages (a minute or two the first time)');
  // npm starts the scripts that call this file and says where it is itself; by hand, the one on the PATH serves.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const ran = npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args, process.platform === 'win32');
  if (ran !== 0) {
    fail('npm ci failed (its messages stand above). It needs the package registry: check the network or proxy and run again.');
  }
}

/** Compiles into a new folder and swaps it in, so that an interrupted build never leaves half of one behind. */
function build() {
  say('compiling');
  clearAbandoned();
  const fresh = at(`dist.${process.pid}`);
  const old = `${fresh}.old`;
  const compiler = at('node_modules', 'typescript', 'bin', 'tsc');
  const typed = run(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', fresh, '--incremental', 'false']);
  const status = typed || modules.reduce((failed, name) => failed || assemble(name, join(fresh, 'wasm')), 0);
  if (status === 0) {
    if (existsSync(at('dist'))) renameSync(at('dist'), old);
    renameSync(fresh, at('dist'));
  }
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  if (status !== 0) fail('The sources do not compile (the compiler’s messages stand above).');
}

/** Fixed options: the labels of MicroBench depend on the bytes. Memory is the caller's, and nothing is ever collected. */
function assemble(name, folder) {
  mkdirSync(folder, { recursive: true });
  return run(process.execPath, [
    at('node_modules', 'assemblyscript', 'bin', 'asc.js'),
    `src/wasm/${name}.as.ts`,
    ...['--outFile', join(folder, `${name}.wasm`), '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noAssert'],
    ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge'],
  ]);
}

/** Removes what builds that were killed have left; one that may still be running is spared. */
function clearAbandoned() {
  for (const name of readdirSync(root)) {
    if (/^dist\.\d+(\.old)?$/.test(name) && Date.now() - statSync(at(name)).mtimeMs > 600_000) {
      rmSync(at(name), { recursive: true, force: true });
    }
  }
}

function run(command, args, shell = false) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell }).status ?? 1;
}

function hashOf(sources) {
  const hash = createHash('sha256');
  const add = (path) => {
    const full = at(path);
    if (!existsSync(full)) return;
    for (const entry of readdirSync(full, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory()) add(join(path, entry.name));
      else hash.update(`${path}/${entry.name}\0`).update(readFileSync(at(path, entry.name)));
    }
  };
  for (const source of sources) {
    if (/\.(json|npmrc)$/.test(source)) hash.update(`${source}\0`).update(existsSync(at(source)) ? readFileSync(at(source)) : '');
    else add(source);
  }
  return hash.update(process.versions.node).digest('hex');
}

function say(text) {
  process.stderr.write(`nascope: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
