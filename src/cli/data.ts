import { Command } from 'commander';
import { cacheFolder } from '../data/cache-folder.js';
import { importFile } from '../data/import-file.js';
import { importOwn, isOwnImport, ownImports } from '../data/own-imports.js';
import { pull } from '../data/pull.js';
import { type FileCheck, listFiles, verify } from '../data/verify.js';
import { progressBar } from '../notebook/progress-bar.js';
import { interruptible } from './interrupt.js';
import { requireReadable, WorkFailed } from './streams.js';

export function dataCommand(): Command {
  const data = new Command('data')
    .summary('the benchmark files: list, download, check')
    .addHelpText('after', '\nExample:\n  npx nascope data pull nasbench201');
  data
    .command('list')
    .summary('every file of the manifest and whether it is here')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  npx nascope data list')
    .action(async (options: { json?: boolean }) => {
      const checks = await listFiles();
      if (options.json) {
        const rows = checks.map(({ file, state, path }) => ({ ...file, state, cached: path }));
        process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
      } else {
        process.stdout.write(listing(checks));
      }
    });
  data
    .command('pull')
    .summary('download files into the cache, checked by hash; an interrupted download goes on where it stopped')
    .argument('<ids...>', 'benchmarks or files, as data list names them')
    .addHelpText('after', '\nExample:\n  npx nascope data pull nasbench201 transnas-micro')
    .action((ids: string[]) =>
      interruptible(async (signal) => {
        const bar = progressBar('downloading', { unit: 'bytes' });
        try {
          const pulled = await pull(ids, { signal, onProgress: bar.update });
          bar.end();
          for (const { id, state } of pulled) process.stdout.write(`${state === 'present' ? 'present' : 'fetched'} ${id}\n`);
        } finally {
          bar.end();
        }
      }),
    );
  data
    .command('verify')
    .summary('compare cached files with the manifest, by size and hash')
    .argument('[ids...]', 'benchmarks or files; all cached files unless given')
    .addHelpText('after', '\nExample:\n  npx nascope data verify nasbench201')
    .action(async (ids: string[]) => {
      const checks = await verify(ids);
      const shown = ids.length === 0 ? checks.filter((check) => check.state !== 'absent') : checks;
      for (const { file, state, got } of shown)
        process.stdout.write(`${state.padEnd(8)} ${file.id}${got === '' ? '' : ` (${got})`}\n`);
      if (shown.length === 0) process.stdout.write('The cache is empty; npx nascope data pull ID fills it.\n');
      const bad = shown.filter((check) => check.state !== 'ok');
      if (bad.length > 0) {
        throw new WorkFailed(
          `${bad.length} of ${shown.length} files are damaged or absent. This fetches them: npx nascope data pull ${bad.map((c) => c.file.id).join(' ')}`,
        );
      }
    });
  data
    .command('import')
    .summary('put a file that you have into the cache')
    .argument('<id>', 'the file’s id, as data list names it, or nasbench101, gennape, aiop for these benchmarks’ own files')
    .argument('<file>', 'where it lies')
    .addHelpText(
      'after',
      `
${Object.values(ownImports)
  .map(({ id, says }) => `  ${id.padEnd(12)} ${says}`)
  .join('\n')}

Examples:
  npx nascope data import NASLib/nb201_zen.zip ~/Downloads/nb201_zen.zip
  npx nascope data import nasbench101 nasbench_only108.tfrecord`,
    )
    .action((id: string, file: string) =>
      interruptible(async (signal) => {
        requireReadable('data import', [file]);
        if (!isOwnImport(id)) {
          process.stdout.write(`${await importFile(id, file)}\n`);
          return;
        }
        const bar = progressBar('reading', {});
        try {
          const kept = await importOwn(id, file, { signal, onProgress: bar.update });
          bar.end();
          process.stdout.write(`${kept.rows} networks as ${kept.id}, dataset ${kept.dataset}\n`);
        } finally {
          bar.end();
        }
      }),
    );
  data
    .command('where')
    .summary('the folder that holds downloads and caches')
    .addHelpText('after', '\nExample:\n  npx nascope data where')
    .action(() => {
      process.stdout.write(`${cacheFolder()}\n`);
    });
  return data;
}

function listing(checks: readonly FileCheck[]): string {
  const groups = new Map<string, FileCheck[]>();
  for (const check of checks) {
    for (const id of check.file.benchmarks) groups.set(id, [...(groups.get(id) ?? []), check]);
  }
  let text = '';
  for (const [id, members] of groups) {
    const here = members.filter((m) => m.state === 'ok').length;
    const size = members.reduce((sum, m) => sum + m.file.bytes, 0) / 1e6;
    text += `${id}: ${members.length} files, ${size.toFixed(1)} MB, ${here} here (by size; data verify checks hashes)\n`;
    for (const { file, state } of members) {
      const notYet = file.importer === null ? ', not read by any loader yet' : '';
      text += `    ${(state === 'ok' ? 'here' : state).padEnd(8)} ${(file.bytes / 1e6).toFixed(2).padStart(6)} MB  ${file.id} (${file.licence}${notYet})\n`;
    }
  }
  return text;
}
