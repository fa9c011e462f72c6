import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DataError } from '../core/base/errors.js';
import type { ManifestFile } from './manifest.js';
import type { Origin } from './mirror.js';

/** How long to wait, in milliseconds, before a network is called dead. */
export interface Patience {
  /** Until the server begins to answer. */
  readonly answer: number;
  /** Between two pieces of the answer. */
  readonly piece: number;
}

/** A file's bytes from `offset` on: the offset asked for, or 0 where the server only sends whole files. */
export interface OriginStream {
  readonly offset: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

interface Request {
  readonly offset: number;
  readonly patience: Patience;
  readonly signal: AbortSignal | undefined;
}

/**
 * Opens a file where it comes from. @throws DataError when it is not there, when nobody answers in time, or, while
 * reading, when the transfer breaks or stalls; the signal's reason when it is aborted.
 */
export function openOrigin(file: ManifestFile, origin: Origin, request: Request): Promise<OriginStream> {
  return origin.kind === 'web' ? openWeb(file, origin.url, request) : openFolder(file, origin.path, request);
}

async function openFolder(file: ManifestFile, path: string, { offset, signal }: Request): Promise<OriginStream> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) {
    throw new DataError({
      path,
      expected: `the mirror's copy of ${file.id}`,
      got: 'no such file',
      fix: 'Check that NASCOPE_MIRROR names a folder with the layout OWNER/REPO/COMMIT/PATH, or unset it to use the network.',
    });
  }
  return { offset, pieces: createReadStream(path, { start: offset, signal }) };
}

async function openWeb(file: ManifestFile, url: string, { offset, patience, signal }: Request): Promise<OriginStream> {
  const broken = (expected: string, got: string): DataError =>
    new DataError({
      path: url,
      expected,
      got,
      fix:
        'Check the network and try again (it goes on where it stopped), ' +
        'or set NASCOPE_MIRROR to a folder or URL prefix with the layout OWNER/REPO/COMMIT/PATH.',
    });
  const watch = new Watch();
  const stop = signal ? AbortSignal.any([signal, watch.signal]) : watch.signal;
  const refuse = (expected: string, error: unknown): unknown => {
    if (signal?.aborted) return signal.reason;
    return broken(expected, watch.signal.aborted ? `nothing for ${watch.waited / 1000} s` : networkReason(error));
  };

  watch.wait(patience.answer);
  let response: Response;
  try {
    // Identity: a range of a compressed body would be a range of something else.
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (offset > 0) headers.range = `bytes=${offset}-`;
    response = await fetch(url, { headers, signal: stop });
  } catch (error) {
    throw refuse('an answer', error);
  } finally {
    watch.rest();
  }

  const start = startOf(response, offset);
  if (start === null || !response.body) {
    await response.body?.cancel().catch(() => undefined);
    throw broken(`HTTP status 200${offset > 0 ? ' or 206' : ''}`, `${response.status} ${response.statusText}`.trim());
  }
  const body = response.body;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    try {
      watch.wait(patience.piece);
      for await (const piece of body as AsyncIterable<Uint8Array>) {
        watch.rest();
        yield piece;
        watch.wait(patience.piece);
      }
    } catch (error) {
      throw refuse(`the whole of ${file.id}`, error);
    } finally {
      watch.rest();
    }
  }
  return { offset: start, pieces: pieces() };
}

/** Where the body begins in the file; null: this is not the file. */
function startOf(response: Response, asked: number): number | null {
  if (response.status === 200) return 0;
  if (response.status !== 206 || asked === 0) return null;
  return response.headers.get('content-range')?.startsWith(`bytes ${asked}-`) ? asked : null;
}

/** Aborts its signal when a wait lasts too long. */
class Watch {
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** The wait in force or the last one, in milliseconds. */
  waited = 0;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  wait(milliseconds: number): void {
    this.rest();
    this.waited = milliseconds;
    this.#timer = setTimeout(() => this.#controller.abort(), milliseconds);
  }

  rest(): void {
    clearTimeout(this.#timer);
  }
}

/** `fetch failed` says nothing; its cause does. */
function networkReason(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  const code = cause?.code;
  const words = (code && NETWORK[code]) ?? cause?.message ?? message;
  return code ? `${words} (${code})` : words;
}

const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'a name that nobody knows: no network?',
  EAI_AGAIN: 'no answer from the name server: no network?',
  ECONNREFUSED: 'a refused connection',
  ENETUNREACH: 'no route: no network?',
  ECONNRESET: 'a broken connection',
  UND_ERR_SOCKET: 'a broken connection',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
};
