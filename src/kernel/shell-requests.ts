import type { CellSession, HistoryEntry } from './cell-session.js';
import type { Comms } from './comms.js';
import type { JsonObject } from './jupyter-wire.js';
import type { ShellRequest } from './thread-messages.js';

/**
 * Answers one request of the shell channel.
 * @returns the content of the reply; null for messages that have none.
 */
export async function answer(request: ShellRequest, session: CellSession, comms: Comms): Promise<JsonObject | null> {
  const { content } = request;
  const source = String(content.code ?? '');
  switch (request.type) {
    case 'execute_request':
      return session.execute(request);
    case 'complete_request': {
      const position = toIndex(source, content.cursor_pos);
      const { start, end, names } = session.compiler.complete(session.declarations, source, position);
      return {
        status: 'ok',
        matches: names,
        cursor_start: fromIndex(source, start),
        cursor_end: fromIndex(source, end),
        metadata: {},
      };
    }
    case 'inspect_request': {
      const info = session.compiler.inspect(session.declarations, source, toIndex(source, content.cursor_pos));
      if (info === null) return { status: 'ok', found: false, data: {}, metadata: {} };
      const data = {
        'text/plain': [info.declaration, info.documentation].filter((text) => text !== '').join('\n\n'),
        'text/markdown': `\`\`\`typescript\n${info.declaration}\n\`\`\`\n\n${info.documentation}`.trimEnd(),
      };
      return { status: 'ok', found: true, data, metadata: {} };
    }
    case 'is_complete_request':
      return { ...session.compiler.completeness(source) };
    case 'history_request':
      return { status: 'ok', history: pastCells(session.history, content) };
    case 'comm_info_request':
      return { status: 'ok', comms: comms.open(content.target_name) };
    case 'comm_open':
    case 'comm_msg':
    case 'comm_close':
      comms.take(request);
      return null;
    default:
      return null;
  }
}

/** The session's number is always 1: nothing is kept of earlier ones. */
function pastCells(history: readonly HistoryEntry[], content: JsonObject): unknown[] {
  const withOutput = content.output === true;
  const write = ({ line, source, output }: HistoryEntry): unknown[] => [1, line, withOutput ? [source, output] : source];
  const n = typeof content.n === 'number' ? content.n : Number.POSITIVE_INFINITY;
  switch (content.hist_access_type) {
    case 'range': {
      const [start, stop] = [Number(content.start ?? 0), Number(content.stop ?? Number.POSITIVE_INFINITY)];
      return history.filter((entry) => entry.line >= start && entry.line < stop).map(write);
    }
    case 'search': {
      const pattern = glob(String(content.pattern ?? '*'));
      let found = history.filter((entry) => pattern.test(entry.source));
      if (content.unique === true) found = [...new Map(found.map((entry) => [entry.source, entry])).values()];
      return found.slice(-Math.min(n, found.length)).map(write);
    }
    default:
      return history.slice(-Math.min(n, history.length)).map(write);
  }
}

function glob(pattern: string): RegExp {
  const parts = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${parts}$`);
}

/** The protocol counts characters (code points), JavaScript counts UTF-16 units. */
function toIndex(source: string, position: unknown): number {
  if (typeof position !== 'number') return source.length;
  return [...source].slice(0, position).join('').length;
}

function fromIndex(source: string, index: number): number {
  return [...source.slice(0, index)].length;
}
