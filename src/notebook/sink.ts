/** One thing in several forms, by mime type. There is always `text/plain`; a front end shows the richest form that it knows. */
export interface MimeBundle {
  readonly 'text/plain': string;
  readonly [mime: string]: unknown;
}

/** Where displays go: the terminal, or the notebook that the code runs in. */
export interface DisplaySink {
  readonly kind: 'terminal' | 'notebook';
  /** @param id names the display, so that `update` can replace it. */
  display(bundle: MimeBundle, id?: string): void;
  /** Replaces what `display` showed under this id, wherever it stands. */
  update(id: string, bundle: MimeBundle): void;
}

/** Prints the text form; an update prints again. */
export const terminalSink: DisplaySink = {
  kind: 'terminal',
  display: (bundle) => console.log(bundle['text/plain']),
  update: (_id, bundle) => console.log(bundle['text/plain']),
};

let current: DisplaySink = terminalSink;

export function displaySink(): DisplaySink {
  return current;
}

/** @returns the sink that was there before. */
export function setDisplaySink(sink: DisplaySink): DisplaySink {
  const before = current;
  current = sink;
  return before;
}
