/**
 * The ways in which work can be refused. Each error says where, what was expected, what came and what to do;
 * programs tell them apart by `code`, never by wording.
 */
export abstract class LabError extends Error {
  abstract readonly code: string;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

export interface ParseProblem {
  /** What was being read: a search space's id, a file format, an option. */
  readonly what: string;
  /** The text that was refused (whole here; the message shows one line of it, shortened). */
  readonly text: string;
  /** Offset of the first character that does not fit; 0 when the whole text is wrong. */
  readonly at: number;
  /** What would have been right, in words. */
  readonly expected: string;
}

/**
 * A text that is not what it should be: an architecture encoding, a JSON or CSV file, an option's value. The message
 * shows the text itself where it is wrong from its start, else the place and the line that it stands in.
 */
export class ParseError extends LabError implements ParseProblem {
  readonly code = 'parse';
  readonly what: string;
  readonly text: string;
  readonly at: number;
  readonly expected: string;

  constructor(problem: ParseProblem) {
    super(`${problem.what}: expected ${problem.expected}${whereIn(problem.text, problem.at)}`);
    this.what = problem.what;
    this.text = problem.text;
    this.at = problem.at;
    this.expected = problem.expected;
  }
}

export interface DataProblem {
  /** The file, or the table, that is missing or damaged. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  /** The command or step that mends it. */
  readonly fix: string;
}

/** A file that is missing, damaged, of another version, or that could not be written. */
export class DataError extends LabError implements DataProblem {
  readonly code = 'data';
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  readonly fix: string;

  constructor(problem: DataProblem) {
    super(`${problem.path}: expected ${problem.expected}, got ${problem.got}. ${problem.fix}`);
    this.path = problem.path;
    this.expected = problem.expected;
    this.got = problem.got;
    this.fix = problem.fix;
  }
}

export interface ShapeProblem {
  /** `function: argument`, as the caller knows them. */
  readonly argument: string;
  readonly expected: string;
  readonly got: string;
}

/** An argument whose length, width or range does not fit the others. */
export class ShapeError extends LabError implements ShapeProblem {
  readonly code = 'shape';
  readonly argument: string;
  readonly expected: string;
  readonly got: string;

  constructor(problem: ShapeProblem) {
    super(`${problem.argument}: expected ${problem.expected}, got ${problem.got}`);
    this.argument = problem.argument;
    this.expected = problem.expected;
    this.got = problem.got;
  }
}

/** A numerical method that did not arrive; `detail` holds its last state in words. */
export class ConvergenceError extends LabError {
  readonly code = 'convergence';

  constructor(
    readonly method: string,
    readonly detail: string,
  ) {
    super(`${method}: did not converge (${detail})`);
  }
}

/** Something that is well formed but that this part does not do; `instead` names who does. */
export class UnsupportedError extends LabError {
  readonly code = 'unsupported';

  constructor(
    readonly what: string,
    readonly instead: string,
  ) {
    super(`${what} is not supported. ${instead}`);
  }
}

/** `, got "nope"` where a text is wrong from its start; ` at character 3 of "(4,)"`, or of its third line, where not. */
function whereIn(text: string, at: number): string {
  if (at <= 0) {
    const first = text.trimStart().split(LINE_END, 1)[0];
    const more = first.length < text.trim().length;
    return `, got ${quoted(first, 0)}${more ? ' and more lines' : ''}`;
  }
  const before = text.slice(0, at).split(LINE_END);
  const start = at - before[before.length - 1].length;
  const line = text.slice(start).split(LINE_END, 1)[0];
  const place = LINE_END.test(text) ? `line ${before.length}, ` : '';
  return ` at character ${at - start} of ${place}${quoted(line, at - start)}`;
}

const LINE_END = /\r\n|\n|\r/;
/** A line up to this length is shown whole; of a longer one, this much around the place. */
const SHOWN = 120;

/** In quotes, on one line, control characters as their escapes. */
function quoted(line: string, at: number): string {
  const from = line.length <= SHOWN ? 0 : Math.max(0, Math.min(at - SHOWN / 2, line.length - SHOWN));
  const part = line.slice(from, from + SHOWN);
  const plain = part.replace(CONTROL, escaped);
  const size = part.length < line.length ? ` (${line.length} characters)` : '';
  return `"${from > 0 ? '…' : ''}${plain}${from + SHOWN < line.length ? '…' : ''}"${size}`;
}

/** What would break a line or a terminal; quotes and backslashes are plainer bare. */
const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029]/gu;

function escaped(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0');
  return SHORT_ESCAPES[character] ?? `\\u${code}`;
}

const SHORT_ESCAPES: Readonly<Partial<Record<string, string>>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };
