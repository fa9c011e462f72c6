import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const root = dirname(src.replace(/\/$/, ''));

/** What each room may import, besides itself. The order of the house: nothing ever imports what stands below it here. */
const doors: Record<string, readonly string[]> = {
  'core/base': [],
  'core/ir': ['core/base'],
  'core/spaces': ['core/ir', 'core/base'],
  'core/features': ['core/ir', 'core/base'],
  'core/metrics': ['core/base'],
  'core/models': ['core/metrics', 'core/base'],
  'core/search': ['core/spaces', 'core/models', 'core/base'],
  'core/explain': ['core/models', 'core/metrics', 'core/features', 'core/spaces', 'core/base'],
  wasm: ['core/base'],
  nn: ['core/*', 'wasm'],
  parallel: ['core/*', 'wasm', 'nn'],
  data: ['core/*'],
  micro: ['core/*', 'wasm', 'parallel', 'data'],
  tables: ['core/*', 'nn', 'data', 'micro'],
  notebook: ['core/*', 'data'],
  kernel: ['core/*', 'data', 'notebook'],
  cli: ['core/*', 'wasm', 'parallel', 'nn', 'data', 'micro', 'tables', 'notebook', 'kernel', 'index'],
  index: ['core/*', 'wasm', 'parallel', 'nn', 'data', 'micro', 'tables', 'notebook', 'kernel'],
};

/** Packages and the only rooms that may name them. */
const packages: Record<string, readonly string[]> = {
  '@tensorflow/tfjs': ['nn'],
  '@tensorflow/tfjs-node': ['nn'],
  '@tensorflow/tfjs-backend-wasm': ['nn'],
  'danfojs-node': ['notebook'],
  'plotly.js-dist': ['notebook'],
  arquero: ['notebook', 'tables', 'data'],
  '@uwdata/flechette': ['data'],
  fflate: ['data', 'micro'],
  tslab: ['kernel'],
  zeromq: ['kernel'],
  marked: ['kernel'],
  commander: ['cli'],
};

interface Import {
  readonly file: string;
  readonly from: string;
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.as.ts')) // AssemblyScript: another language, another compiler
  .map((name) => name.replaceAll('\\', '/'));
const source = new Map(files.map((file) => [file, withoutComments(readFileSync(join(src, file), 'utf8'))]));
const imports: Import[] = files.flatMap((file) =>
  [
    ...(source.get(file) as string).matchAll(
      /(?:^(?:import|export|\})[^'"\n]*?from\s*|^import\s*|\bimport\s*\(\s*|\brequire(?:\.resolve)?\s*\(\s*)(['"])([^'"\n]+)\1/gm,
    ),
  ].map((m) => ({
    file,
    from: m[2],
  })),
);

test('rooms import only through the doors of the plan', () => {
  const wrong = imports
    .filter((i) => i.from.startsWith('.'))
    .map((i) => ({
      ...i,
      here: roomOf(i.file),
      there: roomOf(relative(src, join(src, dirname(i.file), i.from)).replaceAll('\\', '/')),
    }))
    .filter(
      ({ here, there }) =>
        here !== there && !doors[here]?.some((door) => door === there || (door === 'core/*' && there.startsWith('core/'))),
    )
    .filter(({ there }) => there !== '../package.json');
  expect(wrong).toEqual([]);
});

test('every room of the sources is in the plan', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => !(room in doors))).toEqual([]);
});

test('no file imports itself by a circle', () => {
  const next = new Map(
    files.map((file) => [
      file,
      imports
        .filter((i) => i.file === file && i.from.startsWith('.'))
        .map((i) => join(dirname(file), i.from).replace(/\.js$/, '.ts')),
    ]),
  );
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, trail: string[]): void => {
    if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file]);
    else if (!done.has(file)) for (const to of next.get(file) ?? []) walk(to, [...trail, file]);
    done.add(file);
  };
  for (const file of files) walk(file, []);
  expect(circles).toEqual([]);
});

test('packages stay in their rooms and the core needs none', () => {
  const wrong = imports
    .filter((i) => !i.from.startsWith('.'))
    .filter(({ file, from }) => {
      const room = roomOf(file);
      if (room.startsWith('core/')) return true;
      if (from.startsWith('node:')) return false;
      const name = from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/');
      return !packages[name]?.includes(room);
    })
    .map(({ file, from }) => `${file} imports ${from}`);
  expect(wrong.filter((w) => !allowedByDoctor(w))).toEqual([]);
});

/** The doctor looks whether the kernel's packages load, which is its job. */
function allowedByDoctor(line: string): boolean {
  return /^cli\/doctor\.ts imports (tslab\/package\.json|zeromq)$/.test(line);
}

test('sources hold no Math.random, default export, enum, any or top-level await', () => {
  const wrong = files.flatMap((file) => {
    const lines = (source.get(file) as string).split('\n');
    return lines
      .map((text, i) => ({ text, where: `${file}:${i + 1}` }))
      .filter(({ text }) =>
        /Math\.random|^export default|^\s*(export )?(const )?enum |: any\b|as any\b|<any>|@ts-ignore|^(const .* = )?await /.test(
          text,
        ),
      )
      .map(({ text, where }) => `${where} ${text.trim()}`);
  });
  expect(wrong).toEqual([]);
});

test('files past 300 lines say at their top why', () => {
  const long = files.filter((file) => {
    const text = readFileSync(join(src, file), 'utf8');
    return text.split('\n').length > 300 && !/^\s*(\/\*\*|\/\/)/.test(text);
  });
  expect(long).toEqual([]);
});

test('no tracked text names a registry host or a machine’s own folders', () => {
  // The hosts in pieces, so that this file does not name them either.
  const hosts = [
    ['registry', 'npmjs'],
    ['pypi', 'org'],
    ['deb', 'debian'],
  ].map((parts) => parts.join('.'));
  const listed = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'environment.md',
    'package-lock.json',
    'package.json',
    '.npmrc',
  ];
  const wrong = listed.filter((name) => {
    const text = readFileSync(join(root, name), 'utf8');
    return hosts.some((host) => text.includes(host)) || /\/(root|home|work)\/[A-Za-z]/.test(text);
  });
  expect(wrong).toEqual([]);
});

function roomOf(file: string): string {
  const parts = file.replace(/\.(ts|js)$/, '').split('/');
  if (parts.length === 1) return parts[0];
  return parts[0] === 'core' ? `core/${parts[1]}` : parts[0];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|\s)\/\/.*$/gm, '$1');
}
