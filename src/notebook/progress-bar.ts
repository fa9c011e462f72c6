import type { Progress } from '../core/base/progress.js';
import { displaySink, type MimeBundle } from './sink.js';

export interface ProgressBarOptions {
  /** How the counts are written: as whole numbers (unless said) or as KB and MB. */
  readonly unit?: 'items' | 'bytes';
  /** The clock, in milliseconds. */
  readonly now?: () => number;
  /** Where it draws; the notebook that the code runs in, else the terminal (stderr). */
  readonly surface?: ProgressSurface;
}

/** Something on which one line is drawn again and again. */
export interface ProgressSurface {
  draw(line: string): void;
  end(line: string): void;
}

export interface ProgressBar {
  /** Fits `onProgress` of everything that takes a while. Draws at most ten times a second. */
  readonly update: (progress: Progress) => void;
  /** Draws the last state. Calling it again, or without any update, does nothing. */
  readonly end: () => void;
}

const WIDTH = 24;
const BETWEEN_DRAWS_MS = 100;
/** Before this the rate says little, and no time to go is shown. */
const SETTLED_MS = 500;

/**
 * A line that tells how far a piece of work is: a bar, counts, rate and time to go. Several bars one after the other are
 * several lines. Where stderr is no terminal (a log), only the last state is written.
 */
export function progressBar(label: string, options: ProgressBarOptions = {}): ProgressBar {
  const now = options.now ?? (() => performance.now());
  const surface = options.surface ?? (displaySink().kind === 'notebook' ? notebookSurface() : terminalSurface(process.stderr));
  const started = now();
  let drawn = Number.NEGATIVE_INFINITY;
  let last: Progress | null = null;
  const line = (progress: Progress): string => progressLine(label, progress, now() - started, options.unit ?? 'items');
  return {
    update: (progress) => {
      last = progress;
      if (now() - drawn < BETWEEN_DRAWS_MS) return;
      drawn = now();
      surface.draw(line(progress));
    },
    end: () => {
      if (last !== null) surface.end(line(last));
      last = null;
    },
  };
}

/** `trees ━━━━━━────── 50 % 50/100 12/s 0:04 left`. */
export function progressLine(label: string, progress: Progress, elapsedMs: number, unit: 'items' | 'bytes'): string {
  const { done, total, before = 0 } = progress;
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const filled = Math.round(share * WIDTH);
  const bar = total > 0 ? `${'━'.repeat(filled)}${'─'.repeat(WIDTH - filled)} ${Math.floor(share * 100)} % ` : '';
  const write = unit === 'bytes' ? bytes : (n: number): string => Math.round(n).toLocaleString('en');
  const counts = total > 0 ? `${write(done)}/${write(total)}` : write(done);
  const rate = elapsedMs > 0 ? ((done - before) / elapsedMs) * 1000 : 0;
  const perSecond =
    rate > 0
      ? ` ${unit === 'bytes' ? bytes(rate) : rate < 10 ? rate.toPrecision(2) : Math.round(rate).toLocaleString('en')}/s`
      : '';
  const left =
    done >= total
      ? ` in ${clock(elapsedMs)}`
      : elapsedMs >= SETTLED_MS && rate > 0
        ? ` ${clock(((total - done) / rate) * 1000)} left`
        : '';
  const what = progress.label === undefined ? '' : ` ${progress.label}`;
  return `${label} ${bar}${counts}${perSecond}${total > 0 ? left : ''}${what}`;
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(seconds % 60).padStart(2, '0')];
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

function bytes(n: number): string {
  if (n < 1e3) return `${Math.round(n)} B`;
  return n < 1e6 ? `${(n / 1e3).toFixed(0)} KB` : `${(n / 1e6).toFixed(1)} MB`;
}

function terminalSurface(stream: NodeJS.WriteStream): ProgressSurface {
  if (!stream.isTTY) return { draw: () => {}, end: (line) => void stream.write(`${line}\n`) };
  const clip = (line: string): string => line.slice(0, Math.max(20, (stream.columns || 80) - 1));
  return {
    draw: (line) => void stream.write(`\r\x1b[2K${clip(line)}`),
    end: (line) => void stream.write(`\r\x1b[2K${clip(line)}\n`),
  };
}

let bars = 0;

function notebookSurface(): ProgressSurface {
  const id = `nascope-progress-${process.pid}-${bars++}`;
  const bundle = (line: string): MimeBundle => ({ 'text/plain': line });
  let shown = false;
  const draw = (line: string): void => {
    if (shown) displaySink().update(id, bundle(line));
    else displaySink().display(bundle(line), id);
    shown = true;
  };
  return { draw, end: draw };
}
