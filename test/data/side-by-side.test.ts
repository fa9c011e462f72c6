import { expect, test } from 'vitest';
import { sideBySide } from '../../src/data/side-by-side.js';

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nothing = async (): Promise<void> => {};

test('all items are done, begun in order, so many at a time and never more', async () => {
  const begun: number[] = [];
  const results: number[] = [];
  let [inHand, most] = [0, 0];
  await sideBySide(
    [5, 1, 4, 2, 3, 0],
    { jobs: 3 },
    async (item) => {
      begun.push(item);
      most = Math.max(most, ++inHand);
      await later(item);
      inHand--;
      return 10 * item;
    },
    async (result, item) => {
      expect(result).toBe(10 * item);
      results.push(result);
    },
  );
  expect(begun).toEqual([5, 1, 4, 2, 3, 0]);
  expect(results.sort((a, b) => a - b)).toEqual([0, 10, 20, 30, 40, 50]);
  expect(most).toBe(3);
});

test('after a failure nothing is begun, and what comes of the others is dropped', async () => {
  const begun: number[] = [];
  const results: number[] = [];
  const running = sideBySide(
    [0, 1, 2, 3],
    { jobs: 2 },
    async (item) => {
      begun.push(item);
      await later(item === 0 ? 1 : 10);
      if (item === 0) throw new Error('no');
      return item;
    },
    async (result) => void results.push(result),
  );
  await expect(running).rejects.toThrow('no');
  await later(30);
  expect([begun, results]).toEqual([[0, 1], []]);
});

test('an abort is not kept waiting by work that never ends, and none is begun after it', async () => {
  const controller = new AbortController();
  let begun = 0;
  const stuck = (): Promise<never> => {
    begun++;
    return new Promise(() => {});
  };
  const running = sideBySide([1, 2, 3], { jobs: 1, signal: controller.signal }, stuck, nothing);
  setTimeout(() => controller.abort(new Error('enough')), 5);
  await expect(running).rejects.toThrow('enough');
  await expect(sideBySide([1], { jobs: 1, signal: controller.signal }, async () => begun++, nothing)).rejects.toThrow('enough');
  expect(begun).toBe(1);
});

test('no items are done at once', async () => {
  await expect(sideBySide([], { jobs: 4 }, () => Promise.reject(new Error('begun')), nothing)).resolves.toBeUndefined();
});
