import { createRequire } from 'node:module';
import { type DisplaySink, type MimeBundle, setDisplaySink } from '../notebook/sink.js';

/** The part of tslab's module `dist/jupyter.js` that its own `display` is made of (tslab 1.0.22). */
interface TslabJupyter {
  /** Sends a display message of the running cell; null until the first cell runs. */
  readonly lastWriteDisplayData: ((content: DisplayContent, update?: boolean) => void) | null;
}

interface DisplayContent {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

/**
 * Sends displays to the notebook when this process is a tslab kernel; else changes nothing.
 * tslab's public `display` sends one mime type at a time, which would lose the text beside the table or figure; this writes
 * through the function beneath it. Nothing is loaded: the kernel's modules are found among those already in the process.
 */
export function useTslabSink(): void {
  if (tslabJupyter() !== null) setDisplaySink(tslabSink);
}

const tslabSink: DisplaySink = {
  kind: 'notebook',
  display: (bundle, id) => write(bundle, id, false),
  update: (id, bundle) => write(bundle, id, true),
};

function write(data: MimeBundle, id: string | undefined, update: boolean): void {
  const content = { data, metadata: {}, transient: id === undefined ? {} : { display_id: id } };
  tslabJupyter()?.lastWriteDisplayData?.(content, update);
}

/** The kernel's own copy, which may lie in another folder than the tslab that this package depends on. */
function tslabJupyter(): TslabJupyter | null {
  for (const module of Object.values(createRequire(import.meta.url).cache)) {
    if (module === undefined || !/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(module.filename)) continue;
    const jupyter = module.exports as TslabJupyter;
    if (typeof jupyter.lastWriteDisplayData === 'function') return jupyter;
  }
  return null;
}
