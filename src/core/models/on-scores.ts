import { DataError } from '../base/errors.js';
import { type Column, type FeatureTable, featureTable } from '../base/table.js';
import { checkColumns, checkTraining } from './check.js';
import type { LoadModel } from './members.js';
import { type MonotoneScale, monotoneScale, monotoneScaleFromJSON, scoreAt, valueAt } from './monotone-scale.js';
import { normalScores } from './normal-scores.js';
import type { FitOptions, Fitted, ModelFile, Predictor } from './predictor.js';
import { savedColumns } from './saved.js';

/**
 * A predictor that learns its target's normal scores, and gives its predictions back in the target's unit. Ranking then
 * does not hang on a few very bad rows.
 */
export function onTargetScores(inner: Predictor): Predictor {
  return {
    id: inner.id,
    async fit(x: FeatureTable, y: Float64Array, options: FitOptions): Promise<Fitted> {
      checkTraining('onTargetScores.fit', x, y);
      return targetScored(monotoneScale(y), await inner.fit(x, normalScores(y), options));
    },
  };
}

/**
 * A predictor that sees each column as normal scores among the training rows (values between two of them lie on the
 * line between their scores). For predictors that measure distances or slopes; trees hardly notice.
 * @param of the columns to score, all unless said; others stay as they are.
 */
export function onColumnScores(inner: Predictor, of: (column: Column) => boolean = () => true): Predictor {
  return {
    id: inner.id,
    async fit(x: FeatureTable, y: Float64Array, options: FitOptions): Promise<Fitted> {
      checkTraining('onColumnScores.fit', x, y);
      const scales = x.values.map((column, c) => (of(x.columns[c]) ? monotoneScale(column) : null));
      return columnsScored(x.columns, scales, await inner.fit(scored(x, scales), y, options));
    },
  };
}

/** One a column; null: as it is. */
type ColumnScales = readonly (MonotoneScale | null)[];

function scored(x: FeatureTable, scales: ColumnScales): FeatureTable {
  const values = x.values.map((column, c) => {
    const scale = scales[c];
    return scale === null ? column : Float64Array.from(column, (v) => scoreAt(scale, v));
  });
  return featureTable(x.rowCount, x.columns, values);
}

export const TARGET_SCORES_FORMAT = 'nascope/on-target-scores';
export const TARGET_SCORES_VERSION = 1;
export const COLUMN_SCORES_FORMAT = 'nascope/on-column-scores';
export const COLUMN_SCORES_VERSION = 2;

function targetScored(scale: MonotoneScale, model: Fitted): Fitted {
  return {
    id: model.id,
    predict: (x: FeatureTable): Float64Array => model.predict(x).map((score) => valueAt(scale, score)),
    toJSON: (): ModelFile => ({ format: TARGET_SCORES_FORMAT, version: TARGET_SCORES_VERSION, scale, model: model.toJSON() }),
  };
}

function columnsScored(columns: readonly Column[], scales: ColumnScales, model: Fitted): Fitted {
  return {
    id: model.id,
    predict(x: FeatureTable): Float64Array {
      checkColumns('onColumnScores.predict', x, columns);
      return model.predict(scored(x, scales));
    },
    toJSON: (): ModelFile => ({
      format: COLUMN_SCORES_FORMAT,
      version: COLUMN_SCORES_VERSION,
      columns,
      scales,
      model: model.toJSON(),
    }),
  };
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function targetScoresFromJSON(file: ModelFile, load: LoadModel): Fitted {
  return targetScored(monotoneScaleFromJSON(TARGET_SCORES_FORMAT, file.scale), load(file.model as ModelFile));
}

/** The inverse of `toJSON`. @throws DataError when the file is damaged. */
export function columnScoresFromJSON(file: ModelFile, load: LoadModel): Fitted {
  const columns = savedColumns(COLUMN_SCORES_FORMAT, file.columns);
  const { scales } = file;
  if (!Array.isArray(scales) || scales.length !== columns.length) {
    throw new DataError({
      path: COLUMN_SCORES_FORMAT,
      expected: `${columns.length} scales`,
      got: Array.isArray(scales) ? `${scales.length}` : typeof scales,
      fix: 'Save the model again with toJSON().',
    });
  }
  return columnsScored(
    columns,
    scales.map((scale) => (scale === null ? null : monotoneScaleFromJSON(COLUMN_SCORES_FORMAT, scale))),
    load(file.model as ModelFile),
  );
}
