import { Readable } from 'node:stream';
import { UnsupportedError } from '../core/base/errors.js';

/** Cells get no typed input: whoever asks for some is told so, instead of waiting for ever. */
export function refuseInput(fail: (error: Error) => void): void {
  const refusal = (): Error =>
    new UnsupportedError('Input typed while a cell runs', 'Put the value into a constant of the cell tagged "parameters".');
  const stdin = new Readable({
    read() {
      fail(refusal());
      this.push(null);
    },
  });
  Object.defineProperty(process, 'stdin', { get: () => stdin, configurable: true });
  Object.defineProperty(globalThis, 'prompt', {
    value: () => {
      throw refusal();
    },
    configurable: true,
    writable: true,
  });
}
