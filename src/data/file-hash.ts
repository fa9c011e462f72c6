import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** The sha256 of bytes or text, as 64 lower-case hexadecimal digits. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The sha256 of a file, read in pieces. Errors of the file system pass through. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}
