import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('importing nascope loads neither tensors nor data frames nor plots nor the kernel', () => {
  const index = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  const program = `
    import { createRequire } from 'node:module';
    await import(${JSON.stringify(index)});
    const loaded = Object.keys(createRequire(${JSON.stringify(index)}).cache).join('\\n');
    console.log(JSON.stringify(['@tensorflow', 'danfojs-node', 'plotly.js-dist', 'tslab', 'zeromq', 'arquero'].filter((name) => loaded.includes('/' + name + '/'))));
  `;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual([]);
});

test("the types of nascope lead to none of the tensor library's, which every notebook would read", () => {
  const read = new Set<string>();
  const packages = new Set<string>();
  const follow = (url: string): void => {
    if (read.has(url)) return;
    read.add(url);
    for (const [, name] of readFileSync(new URL(url), 'utf8').matchAll(/(?:from |import\()'([^']+)'/g)) {
      if (name.startsWith('.')) follow(new URL(name.replace(/\.js$/, '.d.ts'), url).href);
      else packages.add(name);
    }
  };
  follow(new URL('../dist/index.d.ts', import.meta.url).href);
  expect(read.size).toBeGreaterThan(100);
  expect([...packages]).toContain('danfojs-node');
  expect([...packages].filter((name) => name.startsWith('@tensorflow'))).toEqual([]);
});
