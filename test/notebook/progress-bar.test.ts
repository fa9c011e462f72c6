import { describe, expect, test } from 'vitest';
import { type ProgressSurface, progressBar, progressLine } from '../../src/notebook/progress-bar.js';

describe('a progress line', () => {
  test('tells share, counts, rate and time to go', () => {
    expect(progressLine('trees', { done: 25, total: 100 }, 10_000, 'items')).toBe(
      'trees ━━━━━━────────────────── 25 % 25/100 2.5/s 0:30 left',
    );
  });

  test('leaves out of the rate what an earlier run had done', () => {
    expect(progressLine('labels', { done: 60, before: 50, total: 100 }, 10_000, 'items')).toBe(
      `labels ${'━'.repeat(14)}${'─'.repeat(10)} 60 % 60/100 1.0/s 0:40 left`,
    );
  });

  test('tells how long it took at the end, and what it is at', () => {
    expect(progressLine('get', { done: 4e6, total: 4e6, label: 'a.zip' }, 2000, 'bytes')).toBe(
      `get ${'━'.repeat(24)} 100 % 4.0 MB/4.0 MB 2.0 MB/s in 0:02 a.zip`,
    );
  });

  test('makes do without a total, without time, and with more done than there was', () => {
    expect(progressLine('x', { done: 3, total: 0 }, 0, 'items')).toBe('x 3');
    expect(progressLine('x', { done: 12, total: 10 }, 1000, 'items')).toContain('100 % 12/10');
  });
});

describe('a progress bar', () => {
  test('draws at most ten times a second and always its last state', () => {
    let clock = 0;
    const drawn: string[] = [];
    const ended: string[] = [];
    const surface: ProgressSurface = { draw: (line) => drawn.push(line), end: (line) => ended.push(line) };
    const bar = progressBar('x', { now: () => clock, surface });
    for (let done = 1; done <= 1000; done++) {
      clock = done;
      bar.update({ done, total: 1000 });
    }
    bar.end();
    bar.end();
    expect(drawn).toHaveLength(10);
    expect(ended).toEqual([`x ${'━'.repeat(24)} 100 % 1,000/1,000 1,000/s in 0:01`]);
  });

  test('that was never updated draws nothing', () => {
    const surface: ProgressSurface = { draw: () => expect.unreachable(), end: () => expect.unreachable() };
    const bar = progressBar('x', { surface });
    expect(bar.end()).toBeUndefined();
  });
});
