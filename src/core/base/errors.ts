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
  /** The text that was refused (shortened in the message, whole here). */
  readonly text: string;
  /** Offset of the first character that does not fit. */
  readonly at: number;
  /** What would have been right, in words. */
  readonly expected: string;
}

/** A text that is not what it should be: an architecture encoding, a JSON or CSV file, an option's value. */
export class ParseError extends LabError implements ParseProblem {
  readonly code = 'parse';
  readonly what: string;
  readonly text: string;
  readonly at: number;
  readonly expected: string;

  constructor(problem: ParseProblem) {
    super(`${problem.what}: expected ${problem.expected} at character ${problem.at} of "${shorten(problem.text)}"`);
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

function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 100)}… (${text.length} characters)`;
}
