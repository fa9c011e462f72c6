import { DataError, ShapeError } from '../base/errors.js';
import type { Rng } from '../base/rng.js';
import { type Column, type FeatureTable, featureTable } from '../base/table.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';

/** One of several predictors that work together, with the columns that it is to see (all of them unless said). */
export interface Member {
  readonly predictor: Predictor;
  readonly columns?: (column: Column) => boolean;
}

/** A member after fitting: the model, and the places of its columns. */
export interface FittedMember {
  readonly model: Fitted;
  readonly columns: readonly number[];
}

/** Reads a model within a model: `loadModel`. */
export type LoadModel = (file: ModelFile) => Fitted;

/** @throws ShapeError when there is no member. */
export function checkMembers(where: string, members: readonly Member[]): void {
  if (members.length === 0) throw new ShapeError({ argument: `${where}: members`, expected: 'at least one', got: 'none' });
}

/**
 * Fits each member on its columns, with its own fork of the rng.
 * @throws ShapeError when a member would see no column.
 */
export async function fitMembers(
  where: string,
  members: readonly Member[],
  x: FeatureTable,
  y: Float64Array,
  options: Omit<FitOptions, 'onProgress'> & { readonly rng: Rng; readonly onMember?: () => void },
): Promise<FittedMember[]> {
  const fitted: FittedMember[] = [];
  for (const [i, { predictor, columns }] of members.entries()) {
    const seen = x.columns.flatMap((column, c) => (columns === undefined || columns(column) ? [c] : []));
    if (seen.length === 0) {
      const argument = `${where}: member ${i} (${predictor.id})`;
      throw new ShapeError({ argument, expected: 'at least one of the columns', got: 'none' });
    }
    const model = await predictor.fit(selectColumns(x, seen), y, { rng: options.rng.fork(i), signal: options.signal });
    fitted.push({ model, columns: seen });
    options.onMember?.();
    options.signal?.throwIfAborted();
  }
  return fitted;
}

/** One list of predictions a member. */
export function predictMembers(members: readonly FittedMember[], x: FeatureTable): Float64Array[] {
  return members.map(({ model, columns }) => model.predict(selectColumns(x, columns)));
}

export function selectColumns(x: FeatureTable, at: readonly number[]): FeatureTable {
  return featureTable(
    x.rowCount,
    at.map((c) => x.columns[c]),
    at.map((c) => x.values[c]),
  );
}

export interface MemberFile {
  readonly model: ModelFile;
  readonly columns: readonly number[];
}

export function membersToJSON(members: readonly FittedMember[]): MemberFile[] {
  return members.map(({ model, columns }) => ({ model: model.toJSON(), columns }));
}

/** @throws DataError when the list is damaged. */
export function membersFromJSON(where: string, files: unknown, columnCount: number, load: LoadModel): FittedMember[] {
  const damaged = (got: string): DataError =>
    new DataError({
      path: where,
      expected: 'a list of members with their columns',
      got,
      fix: 'Save the model again with toJSON().',
    });
  if (!Array.isArray(files) || files.length === 0) throw damaged(typeof files);
  return files.map((file: Partial<MemberFile> | null) => {
    const columns = file?.columns;
    if (!Array.isArray(columns) || !columns.every((c) => Number.isInteger(c) && c >= 0 && c < columnCount)) {
      throw damaged('columns that are not there');
    }
    return { model: load(file?.model as ModelFile), columns };
  });
}
