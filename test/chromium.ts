import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe } from 'vitest';

/** The browser of `CHROMIUM`, else one of the usual names on the PATH, else ''. */
export const chromium: string = findChromium();

/** A suite that needs a browser; where there is none, its title says why it did not run. */
export function describeChromium(title: string, suite: () => void): void {
  if (chromium !== '') describe(title, suite);
  else describe.skip(`${title} (needs Chromium: install it or set CHROMIUM to its path)`, suite);
}

export interface PageLoad {
  /** Errors, warnings and other console messages, and exceptions that nobody caught: `error: text`. */
  readonly messages: readonly string[];
  /** Every address that the page asked for, itself included, but for those that its own content security policy stopped. */
  readonly requests: readonly string[];
  /** The value of `options.evaluate` in the page, as JSON. */
  readonly value: unknown;
}

export interface PageOptions {
  /** JavaScript whose value (or promise's value) is given back. */
  readonly evaluate?: string;
  /** An expression that becomes true when the page is ready to be looked at; waited for at most two minutes. */
  readonly until?: string;
  /** Where a PNG of the whole page goes. */
  readonly screenshot?: string;
  readonly width?: number;
  readonly dark?: boolean;
}

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** Opens an address in a fresh headless browser and reports what happened. The browser is driven over a pipe. */
export async function loadPage(url: string, options: PageOptions = {}): Promise<PageLoad> {
  const profile = mkdtempSync(join(tmpdir(), 'nascope-chromium-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
  const quiet = ['--disable-component-update', '--disable-sync', '--hide-scrollbars', `--user-data-dir=${profile}`];
  const child = spawn(chromium, [...flags, ...quiet, '--remote-debugging-pipe', 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const gone = new Promise<never>((_, reject) => child.once('exit', () => reject(new Error('the browser ended'))));
  gone.catch(() => {});
  try {
    return await Promise.race([drive(new DevTools(child.stdio[3] as Writable, child.stdio[4] as Readable), url, options), gone]);
  } finally {
    const ended = child.exitCode === null ? new Promise((resolve) => child.once('exit', resolve)) : undefined;
    process.kill(-(child.pid as number), 'SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

async function drive(tools: DevTools, url: string, options: PageOptions): Promise<PageLoad> {
  const messages: string[] = [];
  const requests = new Map<unknown, string>();
  const { targetId } = await tools.call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await tools.call('Target.attachToTarget', { targetId, flatten: true });
  const call = (method: string, params: object = {}): Promise<Record<string, unknown>> =>
    tools.call(method, params, String(sessionId));
  tools.onEvent = (method, params) => {
    if (method === 'Runtime.consoleAPICalled') {
      const args = params.args as { value?: unknown; description?: string }[];
      messages.push(`${params.type}: ${args.map((arg) => arg.description ?? String(arg.value)).join(' ')}`);
    } else if (method === 'Runtime.exceptionThrown') {
      const details = params.exceptionDetails as { text: string; exception?: { description?: string } };
      messages.push(`exception: ${details.exception?.description ?? details.text}`);
    } else if (method === 'Log.entryAdded') {
      const entry = params.entry as { level: string; text: string };
      messages.push(`${entry.level}: ${entry.text}`);
    } else if (method === 'Network.requestWillBeSent') {
      requests.set(params.requestId, (params.request as { url: string }).url);
    } else if (method === 'Network.loadingFailed' && params.blockedReason === 'csp') {
      // Stopped by the page's own policy before it left.
      requests.delete(params.requestId);
    }
  };
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await call(`${domain}.enable`);
  const width = options.width ?? 1000;
  await call('Emulation.setDeviceMetricsOverride', { width, height: 800, deviceScaleFactor: 1, mobile: false });
  const scheme = { name: 'prefers-color-scheme', value: options.dark ? 'dark' : 'light' };
  await call('Emulation.setEmulatedMedia', { features: [scheme] });
  await call('Page.navigate', { url });
  const evaluate = async (expression: string): Promise<unknown> => {
    const answer = await call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    return (answer.result as { value?: unknown } | undefined)?.value;
  };
  const ready = `document.readyState === 'complete' && location.href !== 'about:blank' && Boolean(${options.until ?? 'true'})`;
  for (let i = 0; i < 1200 && !(await evaluate(ready)); i++) await sleep(100);
  const value = options.evaluate === undefined ? undefined : await evaluate(options.evaluate);
  if (options.screenshot !== undefined) {
    const shot = await call('Page.captureScreenshot', { captureBeyondViewport: true, clip: await wholePage(call, width) });
    writeFileSync(options.screenshot, Buffer.from(String(shot.data), 'base64'));
  }
  return { messages, requests: [...requests.values()], value };
}

async function wholePage(call: (method: string) => Promise<Record<string, unknown>>, width: number): Promise<object> {
  const { cssContentSize } = (await call('Page.getLayoutMetrics')) as { cssContentSize: { height: number } };
  return { x: 0, y: 0, width, height: Math.min(cssContentSize.height, 8000), scale: 1 };
}

/** The DevTools protocol over a pipe: JSON messages that end in a zero byte. */
class DevTools {
  onEvent: (method: string, params: Record<string, unknown>) => void = () => {};
  private next = 1;
  private readonly waiting = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }
  >();

  constructor(
    private readonly input: Writable,
    output: Readable,
  ) {
    input.on('error', () => {});
    let rest = '';
    output.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\0');
      rest = parts.pop() as string;
      for (const part of parts) this.receive(JSON.parse(part) as Reply);
    });
  }

  call(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    const id = this.next++;
    this.input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private receive(reply: Reply): void {
    if (reply.id === undefined) {
      this.onEvent(String(reply.method), reply.params ?? {});
      return;
    }
    const asked = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.error !== undefined) asked?.reject(new Error(reply.error.message));
    else asked?.resolve(reply.result ?? {});
  }
}

function findChromium(): string {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : '';
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path)) ?? '';
}
