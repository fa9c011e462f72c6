import { parentPort } from 'node:worker_threads';
import type { ProxyValues } from './proxies.js';
import { type ProxyUnit, unitProxies } from './proxy-unit.js';

export type ProxyReply = { readonly values: ProxyValues } | { readonly error: unknown };

parentPort?.on('message', async (unit: ProxyUnit) => {
  parentPort?.postMessage(await reply(unit));
});

async function reply(unit: ProxyUnit): Promise<ProxyReply> {
  try {
    return { values: await unitProxies(unit) };
  } catch (error) {
    return { error };
  }
}
