import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
let known: string | undefined;

/**
 * The package's version and a hash of the code that numbers come from (core and data): results of other code are neither
 * continued nor merged. What a table asks for stands in its experiments' ids.
 */
export function codeVersion(): string {
  known ??= `${version}+${hashOf(['core', 'data'])}`;
  return known;
}

function hashOf(rooms: readonly string[]): string {
  const hash = createHash('sha256');
  for (const room of rooms) {
    const folder = fileURLToPath(new URL(`../${room}/`, import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.d)\.[jt]s$/.test(name));
    for (const file of files.map((name) => name.replaceAll('\\', '/')).sort()) {
      hash.update(`${room}/${file}\0`).update(readFileSync(`${folder}${file}`));
    }
  }
  return hash.digest('hex').slice(0, 12);
}
