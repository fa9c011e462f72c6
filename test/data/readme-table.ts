import type { ManifestFile } from '../../src/data/manifest.js';

/** The file table of data/README.md, as it must read. */
export function readmeTable(files: readonly ManifestFile[]): string {
  const rows = files.map(
    (f) =>
      `| ${f.id} | ${f.benchmarks.join(', ')} | ${f.bytes} | ${f.licence} | \`${f.sha256}\` | [${f.path.split('/').slice(0, 2).join('/')}](${f.url}) |`,
  );
  return ['| file | benchmark | bytes | licence | sha256 | source |', '| --- | --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
