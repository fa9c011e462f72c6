import { mimeBundle } from './mime-bundle.js';
import { displaySink } from './sink.js';

/**
 * Shows a value in the notebook, or prints it in a terminal, by what it is: data frames and tables as tables (long ones
 * without their middle), figures, importances and SHAP values as plotly figures, graphs of architectures as pictures (a list
 * of them side by side), benchmarks as a list of their columns, fitted models, scores and search spaces as small summaries,
 * cards and panels as they are laid out, a network that was trained here as its loss by epoch, lists of numbers by name
 * (predictions, say) as the columns of a table, anything else as text. Text in tables and pictures is never read as HTML. An
 * object with a method `Symbol.for('Jupyter.display')` shows itself.
 */
export function show(value: unknown): void {
  displaySink().display(mimeBundle(value));
}
