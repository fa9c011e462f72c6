import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { DataError, UnsupportedError } from '../core/base/errors.js';
import { temporaryFolder } from '../data/temporary-folder.js';
import { DevToolsPipe } from './print/devtools-pipe.js';

/** A blank page of a headless browser that reaches no network. */
export interface BrowserPage {
  /** The value, or the promise's value, of JavaScript in the page; it must be JSON. @throws Error with the page's own error. */
  evaluate(source: string): Promise<unknown>;
  /** The page on one sheet of this size, without margins. */
  pdf(widthMm: number, heightMm: number): Promise<Uint8Array>;
  /** The page's upper left part as dots: CSS pixels in, `scale` dots for each. */
  png(width: number, height: number, scale: number): Promise<Uint8Array>;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--hide-scrollbars',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--remote-debugging-pipe',
];
const TIMEOUT_MS = 60_000;
const POLITE_MS = 2_000;

/** The browser that `CHROMIUM` names, else one on the PATH or in its usual place; null when there is none. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : null;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const ending = process.platform === 'win32' ? '.exe' : '';
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name + ending)));
  return [...onPath, ...ELSEWHERE].find((path) => existsSync(path)) ?? null;
}

/**
 * Opens a blank page in a browser of its own, which is ended and whose profile is removed whatever happens, also when this
 * process exits. Should it be killed, the browser ends with its pipe.
 * @param what for the message: `saving a figure as PDF`.
 * @throws UnsupportedError when no browser is found, DataError when it does not start, ends early or takes more than 60 s.
 */
export async function withBrowserPage<T>(what: string, work: (page: BrowserPage) => Promise<T>): Promise<T> {
  const path = findChromium();
  if (path === null) {
    const fix =
      'Install Chromium or Google Chrome, or set the environment variable CHROMIUM to its path. Cell pictures can be saved as SVG without it.';
    throw new UnsupportedError(`${what} without a browser`, fix);
  }
  const profile = temporaryFolder('browser');
  // Chromium refuses to run as root with its sandbox; the page holds nothing but our own drawing.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(path, [...FLAGS, ...sandbox, `--user-data-dir=${profile.path}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const problem = (got: string): DataError =>
    new DataError({
      path,
      expected: `a browser for ${what}`,
      got,
      fix: 'Set CHROMIUM to another Chromium or Google Chrome, or try again.',
    });
  const atExit = (): void => kill(child);
  // Before the profile goes.
  process.prependListener('exit', atExit);
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(problem(error.message)));
    child.once('exit', (code) => reject(problem(`a browser that ended (exit code ${code})`)));
    timer = setTimeout(() => reject(problem(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  });
  failed.catch(() => {});
  try {
    const tools = new DevToolsPipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
    return await Promise.race([openPage(tools).then(work), failed]);
  } finally {
    clearTimeout(timer);
    await end(child);
    process.off('exit', atExit);
    // Its helpers may write for a moment after it is gone.
    await rm(profile.path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    profile.remove();
  }
}

async function openPage(tools: DevToolsPipe): Promise<BrowserPage> {
  const { targetId } = await tools.call('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await tools.call('Target.attachToTarget', { targetId, flatten: true });
  const call = (method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> =>
    tools.call(method, params, String(sessionId));
  await call('Network.enable');
  await call('Network.setBlockedURLs', { urls: ['http://*', 'https://*', 'ws://*', 'wss://*', 'ftp://*', 'file://*'] });
  return {
    evaluate: async (source) => {
      const answer = await call('Runtime.evaluate', { expression: source, awaitPromise: true, returnByValue: true });
      const wrong = answer.exceptionDetails as { readonly text: string; readonly exception?: { readonly description?: string } };
      if (wrong !== undefined) throw new Error(wrong.exception?.description ?? wrong.text);
      return (answer.result as { readonly value?: unknown }).value;
    },
    pdf: async (widthMm, heightMm) => {
      const margins = { marginTop: 0, marginBottom: 0, marginLeft: 0, marginRight: 0 };
      const paper = { paperWidth: widthMm / 25.4, paperHeight: heightMm / 25.4, printBackground: true, pageRanges: '1' };
      const { data } = await call('Page.printToPDF', { ...margins, ...paper });
      return Buffer.from(String(data), 'base64');
    },
    png: async (width, height, scale) => {
      const screen = { width: Math.ceil(width), height: Math.ceil(height), deviceScaleFactor: 1, mobile: false };
      await call('Emulation.setDeviceMetricsOverride', screen);
      const clip = { x: 0, y: 0, width, height, scale };
      const { data } = await call('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true, clip });
      return Buffer.from(String(data), 'base64');
    },
  };
}

/** Ends the browser with all of its processes, and waits until it is gone. One that is asked to leave takes its files along. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const isGone = child.exitCode !== null || child.signalCode !== null;
  const gone = isGone ? undefined : new Promise((resolve) => child.once('exit', resolve));
  child.stdio[3]?.destroy();
  const timer = setTimeout(() => kill(child), POLITE_MS);
  await gone;
  clearTimeout(timer);
  kill(child);
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has ended by itself.
  }
}
