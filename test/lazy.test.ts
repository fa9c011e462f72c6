import { execFileSync } from 'node:child_process';
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
