/** One line of the report. `needed` parts must be ok; the others are extras. */
export interface Check {
  readonly part: string;
  readonly ok: boolean;
  readonly needed: boolean;
  /** Whether enough of what is not ok is here for some uses. */
  readonly partly?: boolean;
  readonly found: string;
  /** What to do when it is not ok; empty when it is. */
  readonly fix: string;
}
