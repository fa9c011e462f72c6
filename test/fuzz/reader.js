// A process that reads one spoilt file after the other, and says how that ended and what it cost.
import { LabError } from '../../dist/core/base/errors.js';
import { importBytes } from '../../dist/data/import/import-model.js';
import { readPickle } from '../../dist/data/import/pickle.js';
import { pickledFrame } from '../../dist/data/import/pickle-frame.js';
import { isZip, readTorch } from '../../dist/data/import/torch-file.js';

process.on('message', ({ kind, bytes }) => {
  const before = process.cpuUsage();
  let ended;
  try {
    ended = kind === 'pickle' ? unpickle(bytes) : describe(importBytes(bytes, { name: 'fuzz' }));
  } catch (error) {
    if (error instanceof LabError) ended = { error: error.code };
    else ended = { crash: String(error?.stack ?? error) };
  }
  const { user, system } = process.cpuUsage(before);
  // The most that the process ever held, also while it read: in kilobytes.
  process.send({ ...ended, cpuMs: (user + system) / 1000, peak: process.resourceUsage().maxRSS * 1024 });
});

function unpickle(bytes) {
  const value = isZip(bytes) ? readTorch(bytes) : readPickle(bytes);
  try {
    pickledFrame(value, 'fuzz');
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
  }
  return { result: true };
}

/** A result that says what it did not understand, in plain data. */
function describe(model) {
  JSON.stringify(model);
  if (!(model.coverage >= 0 && model.coverage <= 1)) throw new Error(`coverage ${model.coverage}`);
  return { result: true, warned: model.warnings.length > 0 };
}
