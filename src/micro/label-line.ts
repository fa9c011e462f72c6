import { DataError } from '../core/base/errors.js';
import { microFamilies } from '../core/spaces/micro/index.js';
import type { LabelUnit } from './label-plan.js';
import { type MetricId, TASK_METRICS } from './unit.js';

/** A finished unit, as one line of JSON. */
export interface LabelLine extends LabelUnit {
  readonly status: 'ok' | 'diverged';
  /** null where training diverged. */
  readonly values: Readonly<Partial<Record<MetricId, number | null>>>;
  /** Hash of all that the values depend on. */
  readonly settings: string;
  /** Wall time; no part of the label. */
  readonly seconds: number;
}

/** The lines of a shard file, each with its end. @throws DataError */
export function parseLabelLines(path: string, lines: string): LabelLine[] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line, i) => parseLine(line, `${path}, line ${i + 1}`));
}

function parseLine(line: string, path: string): LabelLine {
  try {
    const json = JSON.parse(line) as Partial<LabelLine> | null;
    if (isLine(json)) return json;
  } catch {
    // Said below, as for JSON of another kind.
  }
  const fix = 'Remove the line (its unit is then trained again), or the file.';
  throw new DataError({ path, expected: 'a label as microbench generate writes it', got: line.slice(0, 80), fix });
}

function isLine(json: Partial<LabelLine> | null): json is LabelLine {
  return (
    json !== null &&
    Object.hasOwn(microFamilies, String(json.family)) &&
    typeof json.arch === 'string' &&
    Object.hasOwn(TASK_METRICS, String(json.task)) &&
    Number.isInteger(json.seed) &&
    (json.status === 'ok' || json.status === 'diverged') &&
    typeof json.settings === 'string' &&
    Number.isFinite(json.seconds) &&
    holdsValues(json as LabelLine)
  );
}

/** A number for each metric of the task where training went well, null for each where it did not. */
function holdsValues({ task, status, values }: LabelLine): boolean {
  return TASK_METRICS[task].every((metric) => {
    const value: unknown = values?.[metric];
    return status === 'ok' ? Number.isFinite(value) : value === null;
  });
}
