import { expect, test } from 'vitest';
import { backend } from '../../src/nn/backend.js';

test('a backend is found, agrees with hand-worked values, and leaves the process handlers alone', async () => {
  const before = process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException');
  const found = await backend();
  expect(['native', 'wasm', 'cpu']).toContain(found.id);
  expect(found.selfCheckError).toBeLessThanOrEqual(1e-4);
  expect(process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException')).toBe(before);
  for (const reason of found.passedOver) expect(reason).toMatch(/^(native|wasm): /);
});
