import type { Output } from './notebook-file.js';

/**
 * What a failed cell says went wrong. Stock tslab sends no error message: the text of a type error or of a thrown value
 * is what the cell wrote to stderr last. Frames of the kernel's own machinery are left out.
 */
export function failureText(outputs: readonly Output[]): string {
  const latestFirst = [...outputs].reverse();
  const error = latestFirst.find((output) => output.output_type === 'error');
  if (error?.output_type === 'error') return `${error.ename}: ${error.evalue}`;
  const stderr = latestFirst.find((output) => output.output_type === 'stream' && output.name === 'stderr');
  if (stderr?.output_type !== 'stream') return 'the cell failed without saying why';
  return stderr.text
    .split('\n')
    .filter((line) => !/^\s+at .*(node_modules[\\/]tslab[\\/]|node:|\(<anonymous>\)$)/.test(line))
    .join('\n')
    .trim();
}
