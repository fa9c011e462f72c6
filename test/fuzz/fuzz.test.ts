import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('spoilt ONNX, tfjs and pickle files end in a result or a named error, within their time and memory', () => {
  const program = fileURLToPath(new URL('./fuzz.js', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [program, '300', '2024'], { encoding: 'utf8' });
  expect(stdout, stderr).not.toBe('');
  const report = JSON.parse(stdout) as {
    bombs: number;
    inputs: number;
    ends: Record<string, Record<string, number>>;
    failures: unknown[];
  };
  expect(report.failures).toEqual([]);
  expect(report.inputs).toBe(300);
  expect(report.bombs).toBeGreaterThan(10);
  // Neither are all inputs refused, nor all read: the mutations reach inside.
  for (const ends of Object.values(report.ends)) {
    expect(Object.keys(ends).some((how) => how.startsWith('result'))).toBe(true);
    expect(Object.keys(ends).some((how) => how.endsWith('error'))).toBe(true);
  }
}, 300_000);
