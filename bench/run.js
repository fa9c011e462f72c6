// node bench/run.js NAME [--peer]: one benchmark, its rows as JSON lines on stdout, its progress on stderr.
const [name, ...flags] = process.argv.slice(2);
if (name === undefined || !/^[a-z0-9-]+$/.test(name)) {
  console.error('usage: node bench/run.js NAME [--peer]');
  process.exit(2);
}
const bench = /** @type {import('./contract.d.ts').Bench} */ (await import(`./${name}.js`));
const rows = await bench.run({
  peer: flags.includes('--peer'),
  onProgress: ({ done, total, label }) => console.error(`${done}/${total}${label === undefined ? '' : ` ${label}`}`),
});
for (const row of rows) console.log(JSON.stringify(row));
