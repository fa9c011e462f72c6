import { ParseError } from '../base/errors.js';

/** No published architecture text comes near this length; longer ones are refused before they are read. */
const LONGEST = 8192;

/** A place in a text that is being read. Each step looks at the text ahead once, so reading takes O(length). */
export class Cursor {
  at = 0;

  /** @throws ParseError when the text is not a string or too long to be an architecture. */
  constructor(
    /** What is being read, for messages: a search space's id. */
    readonly what: string,
    readonly text: string,
  ) {
    // Notebook cells are not always checked: a column of `403143` may arrive as numbers.
    if (typeof text !== 'string') throw new ParseError({ what, text: String(text), at: 0, expected: 'a text' });
    if (text.length > LONGEST) throw this.problem(`an architecture of at most ${LONGEST} characters`, LONGEST);
  }

  problem(expected: string, at: number = this.at): ParseError {
    return new ParseError({ what: this.what, text: this.text, at, expected });
  }

  /** The next character; empty at the end. */
  peek(): string {
    return this.text.charAt(this.at);
  }

  /** Steps over spaces, tabs and line breaks. */
  skipBlanks(): void {
    for (
      let code = this.text.charCodeAt(this.at);
      code === 32 || (code >= 9 && code <= 13);
      code = this.text.charCodeAt(this.at)
    ) {
      this.at++;
    }
  }

  /** Steps over `mark` if it comes next. */
  eat(mark: string): boolean {
    if (!this.text.startsWith(mark, this.at)) return false;
    this.at += mark.length;
    return true;
  }

  /** Steps over `mark`. @throws ParseError when something else comes next. */
  expect(mark: string): void {
    if (!this.eat(mark)) throw this.problem(`"${mark}"`);
  }

  /** What a sticky pattern matches here, stepped over; null when it does not match. */
  match(pattern: RegExp): string | null {
    const from = this.at;
    pattern.lastIndex = from;
    if (!pattern.test(this.text)) return null;
    this.at = pattern.lastIndex;
    return this.text.slice(from, this.at);
  }

  /** @throws ParseError when anything but blanks is left. */
  end(): void {
    this.skipBlanks();
    if (this.at < this.text.length) throw this.problem('the end of the text');
  }
}
