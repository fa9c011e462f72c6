import { describe, expect, test } from 'vitest';
import { nascope } from './run-cli.js';

const E201 = ['proxies', '--space', 'E201', '--batch', '8'];
const cell = '(2, 0, 1, 3, 4, 3)';

describe('nascope proxies', () => {
  test('writes CSV in the order of the architectures, whatever the threads', async () => {
    const input = `${cell}\n|nor_conv_3x3~0|+|none~0|none~1|+|none~0|skip_connect~1|none~2|\n(4, 0, 3, 1, 4, 3)\n`;
    const which = ['--in', '-', '--which', 'params,nwot,snip'];
    const [here, threads] = await Promise.all(['0', '2'].map((n) => nascope([...E201, ...which, '--workers', n], { input })));
    expect(here.code, here.stderr).toBe(0);
    expect(threads.stdout).toBe(here.stdout);
    const rows = here.stdout.trim().split('\n');
    expect(rows[0]).toBe('net,params,nwot,snip');
    expect(rows).toHaveLength(4);
    expect(rows[1]).toMatch(/^"\(2, 0, 1, 3, 4, 3\)",0\.\d+,\d/);
    expect(rows[2]).toMatch(/^\|nor_conv_3x3~0\|/);
  });

  test('writes JSON with a status for each proxy, the same for the same seed', async () => {
    const args = [...E201, '--arch', cell, '--which', 'params,synflow', '--json'];
    const [one, again, other] = await Promise.all([[], [], ['--seed', '2']].map((more) => nascope([...args, ...more])));
    expect(again.stdout).toBe(one.stdout);
    const read = JSON.parse(one.stdout);
    expect(read).toMatchObject({ net: cell, params: { status: 'ok' }, synflow: { status: 'ok' } });
    expect(JSON.parse(other.stdout).synflow.value).not.toBe(read.synflow.value);
    expect(JSON.parse(other.stdout).params).toEqual(read.params);
  });

  test.each([
    [['--space', 'E210', '--arch', cell], /did you mean E201/],
    [['--space', 'E201'], /either --arch or --in/],
    [['--space', 'E201', '--arch', cell, '--which', 'nwt'], /did you mean nwot/],
    [['--space', 'E201', '--arch', '(9)'], /nasbench201: expected/],
    [['--space', 'E201', '--arch', cell, '--batch', '1'], /--batch: expected a whole number of at least 2/],
  ])('refuses %j', async (args, says) => {
    const { code, stderr } = await nascope(['proxies', ...args]);
    expect(stderr).toMatch(says);
    expect(code).toBe(2);
  });

  test('names the line that is no architecture', async () => {
    const { code, stderr } = await nascope([...E201, '--in', '-'], { input: `${cell}\n\n(1, 2)\n` });
    expect(stderr).toMatch(/line 3/);
    expect(code).toBe(2);
  });

  test('says what each proxy is', async () => {
    const { stdout } = await nascope(['proxies', '--help']);
    expect(stdout).toMatch(/nwot +how unlike/);
    expect(stdout).toMatch(/npx nascope proxies --space nasbench201/);
  });
});
