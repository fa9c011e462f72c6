import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeMessage, request } from '../../src/kernel/jupyter-wire.js';
import { RawClient, shown } from './raw-client.js';
import { temporaryFolder } from './small-notebooks.js';

/** Not in a checkout: there is no package near it. */
const folder = temporaryFolder();
let kernel: RawClient;

beforeAll(async () => {
  kernel = await RawClient.start({ cwd: folder });
});
afterAll(() => kernel.close());

const types = (answer: { published: readonly { header: { msg_type: string } }[] }): string[] =>
  answer.published.map((message) => message.header.msg_type);

describe('a cell', () => {
  test('is answered in the order of the protocol, every message naming the request', async () => {
    const id = kernel.send('execute_request', { code: 'console.log("a"); console.error("b"); console.log("c"); 6 * 7' });
    const answer = await kernel.answer(id);
    expect(types(answer)).toEqual(['status', 'execute_input', 'stream', 'stream', 'stream', 'execute_result', 'status']);
    expect(shown(answer)).toEqual([
      ['stdout', 'a\n'],
      ['stderr', 'b\n'],
      ['stdout', 'c\n'],
      ['result', '42'],
    ]);
    expect(answer.published.map((message) => message.content.execution_state ?? null)).toEqual([
      'busy',
      null,
      null,
      null,
      null,
      null,
      'idle',
    ]);
    expect(answer.reply.header.msg_type).toBe('execute_reply');
    expect(answer.reply.parent.msg_id).toBe(id);
    const count = answer.reply.content.execution_count;
    expect(answer.published[1].content).toEqual({
      code: 'console.log("a"); console.error("b"); console.log("c"); 6 * 7',
      execution_count: count,
    });
    expect(answer.published[5].content.execution_count).toBe(count);
    expect((await kernel.execute('1')).reply.content.execution_count).toBe((count as number) + 1);
  });

  test.each([
    ['undefined', []],
    ['null', []],
    ['const unseen = 5;', []],
    ['Promise.resolve([1, 2])', [['result', '[ 1, 2 ]']]],
    ['await Promise.resolve("text")', [['result', 'text']]],
    ['let sum = 0;\nfor await (const x of [1, Promise.resolve(2)]) sum += x;\nsum', [['result', '3']]],
    ['await (async () => {\n  await null;\n  return 4;\n})();', [['result', '4']]],
    ['0.1 + 0.2', [['result', '0.3']]],
    ['', []],
  ])('%j shows %j', async (code, expected) => {
    const answer = await kernel.execute(code);
    expect(answer.reply.content.status).toBe('ok');
    expect(shown(answer)).toEqual(expected);
  });

  test('shows values by what they are, with a plain text beside', async () => {
    const { published } = await kernel.execute('[{ net: "a<b", tau: 0.5 }, { net: "c", tau: 0.25 }]');
    const data = published.find((message) => message.header.msg_type === 'execute_result')?.content.data as Record<
      string,
      string
    >;
    expect(Object.keys(data).sort()).toEqual(['text/html', 'text/plain']);
    expect(data['text/html']).toContain('a&lt;b');
    expect(data['text/html']).toContain('<table');
  });

  test('sees what earlier cells declared, and may declare it anew with another type', async () => {
    await kernel.execute(
      'interface Net { depth: number }\nconst net: Net = { depth: 3 };\nlet counter = 1;\nfunction deeper(n: Net): Net { return { depth: n.depth + 1 }; }',
    );
    await kernel.execute('counter += 1; import { basename } from "node:path";');
    expect(shown(await kernel.execute('[deeper(net).depth, counter, basename("/a/b")]'))).toEqual([['result', "[ 4, 2, 'b' ]"]]);
    expect(shown(await kernel.execute('const net = "now a text"; net.length'))).toEqual([['result', '10']]);
  });

  test('may name a variable of an earlier cell by itself in an object', async () => {
    await kernel.execute('const left = 1;\nlet right = 2;');
    const code =
      '({ right } = { right: 5 });\nconst f = (left: string) => ({ left, right });\nJSON.stringify([{ left, right }, f("own")])';
    expect(shown(await kernel.execute(code))).toEqual([['result', '[{"left":1,"right":5},{"left":"own","right":5}]']]);
  });

  test('that is silent shows nothing, leaves no history and does not count', async () => {
    const before = (await kernel.execute('1')).reply.content.execution_count;
    const silent = await kernel.execute('console.log("x"); const kept = 8; kept', { silent: true });
    expect(types(silent)).toEqual(['status', 'status']);
    const unstored = await kernel.execute('kept', { store_history: false });
    expect(unstored.reply.content.execution_count).toBe(before);
    expect(shown(unstored)).toEqual([['result', '8']]);
    const { reply } = await kernel.ask('history_request', { hist_access_type: 'tail', n: 1, output: true, raw: true });
    expect(reply.content.history).toEqual([[1, before, ['1', '1']]]);
  });

  test('evaluates user expressions, each with its own outcome', async () => {
    const { reply } = await kernel.execute('const size = 7;', { user_expressions: { twice: 'size * 2', bad: 'sise' } });
    expect(reply.content.user_expressions).toMatchObject({
      twice: { status: 'ok', data: { 'text/plain': '14' } },
      bad: { status: 'error', ename: 'TypeScriptError' },
    });
  });

  test('prints from its timers after its end under its own name, also while another cell runs', async () => {
    const first = kernel.send('execute_request', { code: 'const timer = setTimeout(() => console.log("late"), 60);' });
    const second = await kernel.execute('await new Promise((done) => setTimeout(done, 150)); console.log("second");');
    await kernel.until(() => kernel.about(first).some((message) => message.header.msg_type === 'stream'));
    expect(shown({ published: kernel.about(first) })).toEqual([['stdout', 'late\n']]);
    expect(shown(second)).toEqual([['stdout', 'second\n']]);
  });

  test('shows its output while it computes, and the heart beats', async () => {
    const id = kernel.send('execute_request', { code: 'console.log("begun");\nfor (;;) {}' });
    await kernel.until(() => kernel.about(id).some((message) => message.header.msg_type === 'stream'));
    expect(await kernel.heartbeat('ping')).toBe('ping');
    expect(kernel.stateOf(id)).toBe('busy');
    await kernel.ask('interrupt_request', {}, 'control');
    expect((await kernel.answer(id)).reply.content.ename).toBe('Interrupted');
  });

  test('empties its output with console.clear', async () => {
    expect(shown(await kernel.execute('console.clear()'))).toEqual([['clear_output', { wait: false }]]);
  });

  test('finds a file that came beside the notebook after it was first asked for, and what follows still runs', async () => {
    const code = 'import { late } from "./late";\nlate';
    expect((await kernel.execute(code)).reply.content.evalue).toContain("Cannot find module './late'");
    writeFileSync(join(folder, 'late.ts'), 'export const late: number = 7;');
    // The file system tells the compiler in its own time.
    let answer = await kernel.execute(code);
    for (let i = 0; i < 200 && answer.reply.content.status !== 'ok'; i++) {
      await sleep(50);
      answer = await kernel.execute(code);
    }
    expect(shown(answer)).toEqual([['result', '7']]);
    expect(shown(await kernel.execute('"still here"'))).toEqual([['result', 'still here']]);
  });

  test('gets no typed input and is told so', async () => {
    const asked = await kernel.execute(
      'import { createInterface } from "node:readline/promises";\nawait createInterface({ input: process.stdin }).question("name? ");',
    );
    expect(asked.reply.content).toMatchObject({ status: 'error', ename: 'UnsupportedError' });
    expect(asked.reply.content.evalue).toContain('parameters');
  });
});

describe('displays', () => {
  test("of tslab's own functions reach the cell and can be updated", async () => {
    const made = await kernel.execute(
      'import { display, newDisplay } from "tslab";\ndisplay.html("<b>1</b>");\nconst place = newDisplay();\nplace.text("old");\nplace.text("new");',
    );
    expect(types(made)).toEqual(['status', 'execute_input', 'display_data', 'display_data', 'update_display_data', 'status']);
    const [, old, young] = made.published.filter((message) => /display_data/.test(message.header.msg_type));
    expect(young.content).toMatchObject({ data: { 'text/plain': 'new' }, transient: old.content.transient });
  });

  test('of this package carry all their forms, in a folder that does not have the package', async () => {
    const made = await kernel.execute(
      "import * as lab from 'nascope';\nlab.show(lab.space('nasbench201').toGraph(lab.space('nasbench201').parse('(0, 1, 2, 3, 4, 1)')));",
    );
    expect(made.reply.content).toMatchObject({ status: 'ok' });
    const [display] = made.published.filter((message) => message.header.msg_type === 'display_data');
    expect(Object.keys(display.content.data as object).sort()).toEqual(['image/svg+xml', 'text/plain']);
  });

  test('are typed in full there', async () => {
    const wrong = await kernel.execute("import * as lab from 'nascope';\nconst n: string = lab.kendallTau([1, 2], [1, 2]);");
    expect(wrong.reply.content.evalue).toBe("2:7 - Type 'number' is not assignable to type 'string'.");
    const node = await kernel.execute(
      "import { readFileSync } from 'node:fs';\nimport * as aq from 'arquero';\naq.table({ a: [1] }).numRows()",
    );
    expect(shown(node)).toEqual([['result', '1']]);
  });
});

describe('an error', () => {
  test('is published and replied alike: name, message, and frames at the lines that were typed', async () => {
    const code = [
      'interface Options {',
      '  readonly a: number;',
      '}',
      '',
      'type Pair<T> = readonly [',
      '  T,',
      '  T,',
      '];',
      '// a remark',
      'function fail(o: Options): Pair<number> {',
      '',
      '  if (o.a > 1) throw new RangeError("a is " + o.a);',
      '  return [1, 2];',
      '}',
      'const run = async (): Promise<void> => {',
      '  await null;',
      '  fail({ a: 2 });',
      '};',
      'await run();',
    ].join('\n');
    const { reply, published } = await kernel.execute(code);
    const error = published.find((message) => message.header.msg_type === 'error')?.content;
    expect(reply.content).toMatchObject({ status: 'error', ...error });
    expect(error).toMatchObject({ ename: 'RangeError', evalue: 'a is 2' });
    const n = reply.content.execution_count;
    const text = (error?.traceback as string[]).join('\n');
    expect(text.split('\n\n')[0]).toBe(`RangeError: a is 2\n    at fail (In [${n}]:12:22)\n    at run (In [${n}]:17:3)`);
    expect(text).toContain('> 12 |   if (o.a > 1) throw new RangeError("a is " + o.a);\n     |                      ^');
    expect(text).not.toMatch(/node:|kernel|vm\.js/);
  });

  test('names the line of a cell whatever stands around it', async () => {
    const filler = fc.constantFrom(
      'interface I%\n{\n  a: string;\n  b?: number\n}',
      'type T% =\n  | "a"\n  | "b";',
      '',
      '// remark',
      '/* two\n   lines */',
      'const v% = [\n  1,\n\n  2,\n];',
      'function f%<T>(x: T): T {\n\n  return x;\n}',
      'class C% {\n  private readonly x: number = 1;\n\n  m(): void {}\n}',
      'await null;',
      'enum E% { A, B }',
      'declare const d%: number;',
      'import type { Stats as S% } from "node:fs";',
      'const s% = `\n\n`.length +\n1;',
    );
    const thrower = fc.constantFrom(
      'throw new Error("here");',
      'new Map<string, number>().get("x")!.toFixed();',
      '(() => { throw new Error("here"); })();',
      'await (async (x: number) => { throw new Error("here" + x); })(1);',
      'const { y } = undefined as unknown as { y: number };',
    );
    const cases = fc.sample(fc.tuple(fc.array(filler, { maxLength: 6 }), thrower, fc.array(filler, { maxLength: 3 })), {
      numRuns: 25,
      seed: 7,
    });
    for (const [before, thrown, after] of cases) {
      const lines = before
        .map((text, i) => text.replaceAll('%', `p${i}`))
        .join('\n')
        .split('\n');
      const code = [...lines, thrown, ...after.map((text, i) => text.replaceAll('%', `q${i}`))].join('\n');
      const { reply } = await kernel.execute(code);
      const text = (reply.content.traceback as string[]).join('\n');
      expect(`${/In \[\d+\]:(\d+):/.exec(text)?.[1]} in\n${code}\n${text}`).toBe(`${lines.length + 1} in\n${code}\n${text}`);
    }
  });

  test('in a function of an earlier cell names that cell', async () => {
    const made = await kernel.execute('\n\nfunction broken(): never {\n  throw new TypeError("late");\n}');
    const { reply } = await kernel.execute('1;\nbroken();');
    const [first, second] = [made.reply.content.execution_count, reply.content.execution_count];
    expect((reply.content.traceback as string[]).slice(0, 3)).toEqual([
      'TypeError: late',
      `    at broken (In [${first}]:4:9)`,
      `    at In [${second}]:2:1`,
    ]);
  });

  test('carries its causes, and anything can be thrown', async () => {
    const caused = await kernel.execute('throw new Error("outer", { cause: new TypeError("inner") });');
    expect((caused.reply.content.traceback as string[]).join('\n')).toContain('Caused by TypeError: inner');
    expect(shown(await kernel.execute('throw { odd: 7 };'))).toEqual([['error', 'Thrown', '{ odd: 7 }']]);
    expect(shown(await kernel.execute('Promise.reject(new RangeError("no"))'))).toEqual([['error', 'RangeError', 'no']]);
    expect(shown(await kernel.execute('throw Object.assign(new Error("x"), { stack: 5, name: 7 });'))).toEqual([
      ['error', 'Error', 'x'],
    ]);
  });

  test('of a package has a name of its own and no frames of the kernel', async () => {
    const { reply } = await kernel.execute("import * as lab from 'nascope';\n\nlab.kendallTau([1], [1, 2]);");
    expect(reply.content).toMatchObject({ ename: 'ShapeError' });
    const text = (reply.content.traceback as string[]).join('\n');
    expect(text).toContain(`In [${reply.content.execution_count}]:3:`);
    expect(text).not.toContain('cell-runner');
  });

  test('of types shows the place and the suggestion of the compiler', async () => {
    const { reply } = await kernel.execute('const width = 3;\nconst other = 4;\n\twidht + "abc".lenght;');
    expect(reply.content).toMatchObject({ ename: 'TypeScriptError' });
    const text = (reply.content.traceback as string[]).join('\n');
    expect(text).toContain("3:2 - Cannot find name 'widht'. Did you mean 'width'?");
    expect(text).toContain('> 3 | \twidht + "abc".lenght;\n    | \t^^^^^');
    expect(text).toContain("Did you mean 'length'?");
    expect(shown(await kernel.execute('const unclosed = (1;'))).toMatchObject([
      ['error', 'TypeScriptError', expect.stringContaining("')' expected")],
    ]);
  });

  test('nobody catches is shown where its cell stands, and the kernel lives', async () => {
    const id = kernel.send('execute_request', {
      code: 'setTimeout(() => {\n  throw new Error("from a timer");\n}, 20);\nvoid Promise.reject(new Error("unhandled"));',
    });
    await kernel.execute('await new Promise((done) => setTimeout(done, 100));');
    await kernel.until(() => shown({ published: kernel.about(id) }).length >= 2);
    const text = shown({ published: kernel.about(id) }).join('\n');
    expect(text).toContain('Uncaught Error: unhandled');
    expect(text).toMatch(/Uncaught Error: from a timer\n {4}at .*In \[\d+\]:2:9/);
    expect(shown(await kernel.execute('"alive"'))).toEqual([['result', 'alive']]);
  });

  test('aborts what was asked after it, unless told not to', async () => {
    // The first cell waits, so that the others stand in the queue when it fails, however busy the machine is.
    const failing = 'await new Promise((done) => setTimeout(done, 500));\nthrow new Error("first");';
    const ids = [failing, '1', '2'].map((code) => kernel.send('execute_request', { code, stop_on_error: true }));
    const info = kernel.send('is_complete_request', { code: '1' });
    const answers = await Promise.all(ids.map((id) => kernel.answer(id)));
    expect(answers.map(({ reply }) => reply.content.status)).toEqual(['error', 'aborted', 'aborted']);
    expect(types(answers[1])).toEqual(['status', 'status']);
    expect((await kernel.answer(info)).reply.content.status).toBe('complete');
    const going = ['throw new Error("first");', '1'].map((code) =>
      kernel.send('execute_request', { code, stop_on_error: false }),
    );
    expect((await Promise.all(going.map((id) => kernel.answer(id)))).map(({ reply }) => reply.content.status)).toEqual([
      'error',
      'ok',
    ]);
    expect((await kernel.execute('3')).reply.content.status).toBe('ok');
  });
});

describe('an interrupt', () => {
  const loops: readonly (readonly [string, string])[] = [
    ['a busy loop', 'for (;;) {}'],
    ['a busy loop after an await', 'await new Promise((done) => setTimeout(done, 20));\nfor (;;) {}'],
    ['a loop that catches everything', 'for (;;) { try { for (;;) {} } catch {} }'],
    ['a wait for ever', 'await new Promise(() => {});'],
    ['a promise that is the result', 'new Promise(() => {})'],
    ['a loop over awaits', 'for (;;) await new Promise((done) => setTimeout(done, 1));'],
  ];
  test.each(
    loops.flatMap(([what, code]) => (['message', 'signal'] as const).map((way) => [what, way, code] as const)),
  )('stops %s (by %s), and the next cell answers', async (_, way, code) => {
    const id = kernel.send('execute_request', { code: `console.log("begun");\n${code}` });
    await kernel.until(() => kernel.about(id).some((message) => message.header.msg_type === 'stream'));
    await sleep(60);
    if (way === 'signal') kernel.process.interrupt();
    else expect((await kernel.ask('interrupt_request', {}, 'control')).reply.content).toEqual({ status: 'ok' });
    const { reply } = await kernel.answer(id);
    expect(reply.content).toMatchObject({ status: 'error', ename: 'Interrupted' });
    expect(shown(await kernel.execute('1 + 1'))).toEqual([['result', '2']]);
  });

  test("aborts the cell's signal, runs finally blocks, and what follows the await does not run", async () => {
    const id = kernel.send('execute_request', {
      code: [
        'const { cellSignal } = { cellSignal: (globalThis as any)[Symbol.for("nascope.cell-signal")] };',
        'const mine = cellSignal();',
        'mine.addEventListener("abort", () => console.log("aborted"));',
        'console.log("begun");',
        'try { await new Promise(() => {}); console.log("never"); } finally { console.log("tidy"); }',
        'console.log("never");',
      ].join('\n'),
    });
    await kernel.until(() => kernel.about(id).some((message) => message.header.msg_type === 'stream'));
    await kernel.ask('interrupt_request', {}, 'control');
    const answer = await kernel.answer(id);
    expect(shown(answer)).toEqual([
      ['stdout', 'begun\n'],
      ['stdout', 'aborted\ntidy\n'],
      ['error', 'Interrupted', 'the cell was interrupted'],
    ]);
  });

  test('ends the fit of a forest to which nobody passed a signal', async () => {
    const before = [
      "import * as lab from 'nascope';",
      'const draws = lab.rng(1);',
      "const names = ['a', 'b', 'c', 'd'].map((name) => ({ name, says: name, family: 'own', unit: '' }));",
      'const column = () => Float64Array.from({ length: 1000 }, () => draws.uniform());',
      'const x = lab.featureTable(1000, names, names.map(column));',
    ];
    expect((await kernel.execute(before.join('\n'))).reply.content.status).toBe('ok');
    const fit = [
      "const fitting = lab.randomForest({ trees: 4000 }).fit(x, column(), { rng: draws.fork('fit') });",
      "fitting.catch((error: Error) => console.log('the fit ended:', error.name));",
      "console.log('begun');",
      'await fitting;',
    ];
    const id = kernel.send('execute_request', { code: fit.join('\n') });
    await kernel.until(() => kernel.about(id).some((message) => message.header.msg_type === 'stream'));
    await kernel.ask('interrupt_request', {}, 'control');
    expect((await kernel.answer(id)).reply.content).toMatchObject({ status: 'error', ename: 'Interrupted' });
    expect(shown(await kernel.execute('1 + 1'))).toEqual([['result', '2']]);
    await kernel.until(() =>
      shown({ published: kernel.about(id) }).some((what) => `${what}`.includes('the fit ended: Interrupted')),
    );
  });

  test('when nothing runs does nothing', async () => {
    kernel.process.interrupt();
    await kernel.ask('interrupt_request', {}, 'control');
    expect(shown(await kernel.execute('"still here"'))).toEqual([['result', 'still here']]);
  });
});

describe('questions about code', () => {
  test('complete members, in positions that count characters', async () => {
    await kernel.execute('const table = { alpha: 1, alphabet: 2, beta: 3 };');
    const code = '"😀"; table.alp';
    const { reply } = await kernel.ask('complete_request', { code, cursor_pos: [...code].length });
    expect(reply.content).toMatchObject({ status: 'ok', matches: ['alpha', 'alphabet'], cursor_start: 11, cursor_end: 14 });
  });

  test('inspect shows the type and what is written about it', async () => {
    const code = '/** Adds one. */\nfunction inc(n: number): number { return n + 1; }\ninc';
    const { reply } = await kernel.ask('inspect_request', { code, cursor_pos: code.length - 1, detail_level: 0 });
    expect(reply.content).toMatchObject({ status: 'ok', found: true });
    expect((reply.content.data as Record<string, string>)['text/plain']).toBe('function inc(n: number): number\n\nAdds one.');
    expect((await kernel.ask('inspect_request', { code: '   ', cursor_pos: 1 })).reply.content).toMatchObject({ found: false });
  });

  test.each([
    ['const a = 1;', 'complete'],
    ['function f() {', 'incomplete'],
    ['const text = `abc', 'incomplete'],
    ['/* not closed', 'incomplete'],
    ['[1, 2,', 'incomplete'],
    ['const = 3;', 'invalid'],
    ['', 'complete'],
  ])('%j is %s', async (code, status) => {
    expect((await kernel.ask('is_complete_request', { code })).reply.content.status).toBe(status);
  });

  test('give the history by range and by pattern', async () => {
    const { reply } = await kernel.execute('"needle 1"');
    const line = reply.content.execution_count as number;
    const range = await kernel.ask('history_request', { hist_access_type: 'range', start: line, stop: line + 1, output: false });
    expect(range.reply.content.history).toEqual([[1, line, '"needle 1"']]);
    const found = await kernel.ask('history_request', {
      hist_access_type: 'search',
      pattern: '*needle*',
      output: false,
      unique: true,
    });
    expect(found.reply.content.history).toEqual([[1, line, '"needle 1"']]);
  });
});

describe('the kernel', () => {
  test('says who it is, on both channels', async () => {
    for (const channel of ['shell', 'control'] as const) {
      const { reply } = await kernel.ask('kernel_info_request', {}, channel);
      expect(reply.content).toMatchObject({
        status: 'ok',
        protocol_version: '5.4',
        implementation: 'nascope',
        language_info: { name: 'typescript', file_extension: '.ts', mimetype: 'text/typescript' },
      });
    }
  });

  test('has no comms: whatever is opened is closed, and messages to it are passed over', async () => {
    expect((await kernel.ask('comm_info_request', {})).reply.content).toEqual({ status: 'ok', comms: {} });
    const id = kernel.send('comm_open', { comm_id: 'c1', target_name: 'jupyter.widget', data: {} });
    await kernel.until(() => kernel.stateOf(id) === 'idle');
    expect(shown({ published: kernel.about(id) })).toEqual([['comm_close', { comm_id: 'c1', data: {} }]]);
    for (const type of ['comm_msg', 'comm_close', 'no_such_request']) {
      const other = kernel.send(type, { comm_id: 'c1', data: {} });
      await kernel.until(() => kernel.stateOf(other) === 'idle');
      expect(shown({ published: kernel.about(other) })).toEqual([]);
    }
  });

  test('has no debugger and says so', async () => {
    const { reply } = await kernel.ask('debug_request', { type: 'request', seq: 3, command: 'initialize' }, 'control');
    expect(reply.content).toMatchObject({ type: 'response', request_seq: 3, success: false, command: 'initialize' });
  });

  test('drops what is malformed or wrongly signed, and lives', async () => {
    const frame = fc.oneof(
      fc.uint8Array({ maxLength: 30 }),
      fc.constant(Buffer.from('<IDS|MSG>')),
      fc.constant(Buffer.from('{}')),
    );
    const before = kernel.published.length;
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('shell' as const, 'control' as const),
        async (frames, channel) => {
          await kernel.sendRaw(frames, channel);
        },
      ),
      { numRuns: 200 },
    );
    const forged = request('stranger', 'execute_request', { code: 'process.exit(1)' });
    for (const key of ['wrong', '']) {
      for (const channel of ['shell', 'control'] as const) await kernel.sendRaw(encodeMessage(forged, key), channel);
    }
    await kernel.sendRaw(
      encodeMessage({ ...forged, header: { ...forged.header, msg_type: 'shutdown_request' } }, 'wrong'),
      'control',
    );
    const { reply } = await kernel.execute('"alive"');
    expect(reply.content.status).toBe('ok');
    expect(kernel.published.slice(before).filter((message) => message.parent.session === 'stranger')).toEqual([]);
  });
});
