import { readFile } from 'node:fs/promises';
import { DataError, ParseError } from '../core/base/errors.js';
import { loadModel } from '../core/models/load.js';
import type { Fitted, ModelFile } from '../core/models/predictor.js';
import {
  ARCHITECTURE_PREDICTOR_FORMAT,
  type ArchitecturePredictor,
  architecturePredictorFromJSON,
} from './architecture-predictor.js';
import { writeAtomically } from './atomic-write.js';
import { NETWORK_PREDICTOR_FORMAT, type NetworkPredictor, networkPredictorFromJSON } from './network-predictor.js';

/** Writes a model as JSON, whole or not at all. @throws DataError when the file cannot be written. */
export async function saveModel(path: string, model: { toJSON(): ModelFile }): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(model.toJSON())}\n`);
}

/**
 * A model from a file that `saveModel` or `npx nascope fit` wrote: a fitted predictor of feature tables, or one of
 * architectures or of networks. @throws ParseError when the file cannot be read; DataError when it holds no model.
 */
export async function openModel(path: string): Promise<Fitted | ArchitecturePredictor | NetworkPredictor> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new ParseError({ what: 'model', text: path, at: 0, expected: 'a file that can be read' });
  });
  let file: ModelFile;
  try {
    file = JSON.parse(text) as ModelFile;
  } catch (error) {
    throw new DataError({ path, expected: 'JSON', got: (error as Error).message, fix: 'Save the model again.' });
  }
  if (file?.format === NETWORK_PREDICTOR_FORMAT) return networkPredictorFromJSON(file);
  return file?.format === ARCHITECTURE_PREDICTOR_FORMAT ? architecturePredictorFromJSON(file) : loadModel(file);
}
