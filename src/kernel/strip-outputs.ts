import type { CellMetadata, Notebook } from './notebook-file.js';

/** What front ends write into cells when they run or fold them; it is not the author's. */
const PASSING = new Set(['execution', 'collapsed', 'scrolled', 'ExecuteTime', 'jp-MarkdownHeadingCollapsed', 'vscode']);

/** The notebook as it belongs in git: no outputs, no counts, no traces of having been run. */
export function stripOutputs(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) => {
    const metadata = stripMetadata(cell.metadata);
    return cell.cell_type === 'code' ? { ...cell, metadata, outputs: [], execution_count: null } : { ...cell, metadata };
  });
  const { widgets: _widgets, ...metadata } = notebook.metadata;
  return { ...notebook, metadata, cells };
}

function stripMetadata(metadata: CellMetadata): CellMetadata {
  return Object.fromEntries(Object.entries(metadata).filter(([field]) => !PASSING.has(field)));
}
