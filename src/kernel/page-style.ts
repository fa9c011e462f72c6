/** Colours by name for both schemes; the pages use nothing else. */
const colours = `
:root { color-scheme: light dark; --page: #ffffff; --ink: #1f2328; --soft: #656d76; --block: #f6f8fa; --line: #d8dee4;
  --link: #0969da; --comment: #6e7781; --string: #0a7d4b; --number: #9a5b00; --keyword: #a0268f; --call: #0550ae; --warn: #b35900; }
@media (prefers-color-scheme: dark) { :root { --page: #12161b; --ink: #dfe5eb; --soft: #8b949e; --block: #1b2129; --line: #313942;
  --link: #6cb0ff; --comment: #8b949e; --string: #7fd6a8; --number: #e8b36a; --keyword: #e08bd4; --call: #8abfff; --warn: #f0a35e; } }
`;

const tables = `
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; margin: 4px 0; }
th, td { padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top; }
td[style*="left"] { white-space: normal; max-width: 26em; overflow-wrap: break-word; } tr > :last-child { padding-right: 2px; }
th { font-weight: 600; } table { width: max-content; } thead th { white-space: normal; max-width: 9.5em; overflow-wrap: break-word; vertical-align: bottom; border-bottom: 2px solid var(--line); } tbody tr:last-child > * { border-bottom: none; }
tbody th { color: var(--soft); font-weight: 400; text-align: right; }
small { color: var(--soft); }
`;

const type = 'font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;';
const mono = 'font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;';

/** Inside the frames that hold outputs in HTML. */
export const frameStyle: string = `${colours}${tables}
body { margin: 0; padding: 2px 0; ${type} font-size: 14px; line-height: 1.5; color: var(--ink); overflow-y: hidden; }
p { margin: 4px 0; } figure { margin: 0; } img, svg { max-width: 100%; height: auto; }
`;

/** The page itself. */
export const pageStyle: string = `${colours}${tables}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); ${type} font-size: 16px; line-height: 1.6; }
main { max-width: 900px; margin: 0 auto; padding: 32px 24px 96px; }
h1 { font-size: 30px; line-height: 1.25; margin: 8px 0 16px; letter-spacing: -0.01em; }
h2 { font-size: 22px; line-height: 1.3; margin: 44px 0 10px; } h3 { font-size: 18px; margin: 32px 0 8px; }
p, ul, ol { margin: 10px 0; } a { color: var(--link); } blockquote { margin: 12px 0; padding-left: 16px; border-left: 3px solid var(--line); color: var(--soft); }
code { ${mono} font-size: 0.88em; background: var(--block); border-radius: 4px; padding: 1px 5px; }
pre { ${mono} font-size: 13px; line-height: 1.55; margin: 0; overflow-x: auto; }
pre code { background: none; padding: 0; font-size: inherit; }
.prose pre { background: var(--block); border-radius: 8px; padding: 12px 16px; }
.cell { margin: 14px 0; } .source { background: var(--block); border-radius: 8px; padding: 12px 16px; }
.output { margin: 10px 0 22px; padding-left: 16px; border-left: 2px solid var(--line); display: grid; gap: 10px; }
.output > * { min-width: 0; } .stderr { color: var(--warn); white-space: pre-wrap; } .stdout, .text { white-space: pre-wrap; }
.foreign { border: 0; width: 100%; height: 160px; display: block; background: transparent; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 12px 20px; } .panels > * { min-width: 0; }
.picture { max-width: 100%; height: auto; justify-self: start; } .plot { margin: 0; } .prose img { max-width: 100%; }
.comment { color: var(--comment); font-style: italic; } .string { color: var(--string); } .number, .constant { color: var(--number); }
.keyword { color: var(--keyword); } .call { color: var(--call); }
nav { font-size: 14px; margin: 20px 0 28px; padding: 12px 18px; border: 1px solid var(--line); border-radius: 8px; }
nav ol { margin: 4px 0 0; padding-left: 20px; } .switch { color: var(--soft); cursor: pointer; font-size: 14px; display: block; text-align: right; } nav .switch { float: right; }
footer { color: var(--soft); font-size: 13px; margin-top: 48px; border-top: 1px solid var(--line); padding-top: 12px; }
body:has(#code:not(:checked)) .source { display: none; }
@media print { .switch { display: none; } main { max-width: none; padding: 0; } }
`;
