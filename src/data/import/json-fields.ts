/** Reading of parsed JSON that may be anything: what is not of the type asked for counts as absent. */

export type JsonRecord = Readonly<Record<string, unknown>>;

export function record(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A number, or a text that is one: protobuf's JSON writes 64-bit numbers as texts. */
export function number(value: unknown): number | null {
  const found = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
}

export function numbers(value: unknown): number[] {
  return list(value).flatMap((item) => number(item) ?? []);
}
