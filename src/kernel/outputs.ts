import type { JsonObject } from './jupyter-wire.js';
import type { DisplayOutput, MimeData, Output } from './notebook-file.js';

/** The outputs of a run, gathered from the kernel's messages. */
export interface OutputCollector {
  /** Takes one message about the cell of that index; unknown types are passed over. */
  take(cell: number, type: string, content: JsonObject): void;
  /** The cell's outputs so far, neighbouring pieces of one stream joined. */
  of(cell: number): readonly Output[];
}

/** Updates reach a display in whichever cell it stands; `clear_output` empties its own cell. */
export function collectOutputs(): OutputCollector {
  const cells = new Map<number, Output[]>();
  const displays = new Map<string, { readonly outputs: Output[]; readonly output: DisplayOutput }[]>();
  const awaitingClear = new Set<number>();

  const outputsOf = (cell: number): Output[] => {
    const outputs = cells.get(cell) ?? [];
    cells.set(cell, outputs);
    return outputs;
  };

  const add = (cell: number, output: Output): void => {
    const outputs = outputsOf(cell);
    if (awaitingClear.delete(cell)) outputs.length = 0;
    const last = outputs.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name) {
      outputs[outputs.length - 1] = { ...last, text: last.text + output.text };
    } else {
      outputs.push(output);
    }
  };

  const update = (id: string, output: DisplayOutput): void => {
    displays.set(
      id,
      (displays.get(id) ?? []).map((shown) => {
        const at = shown.outputs.indexOf(shown.output);
        const replaced = { ...output, output_type: shown.output.output_type };
        if (at >= 0) shown.outputs[at] = replaced;
        return { outputs: shown.outputs, output: replaced };
      }),
    );
  };

  return {
    take(cell, type, content) {
      switch (type) {
        case 'stream':
          add(cell, {
            output_type: 'stream',
            name: content.name === 'stderr' ? 'stderr' : 'stdout',
            text: String(content.text ?? ''),
          });
          break;
        case 'display_data':
        case 'execute_result': {
          const output = displayOutput(type, content);
          add(cell, output);
          const id = displayId(content);
          if (id !== '') displays.set(id, [...(displays.get(id) ?? []), { outputs: outputsOf(cell), output }]);
          break;
        }
        case 'update_display_data':
          update(displayId(content), displayOutput('display_data', content));
          break;
        case 'error':
          add(cell, {
            output_type: 'error',
            ename: String(content.ename ?? ''),
            evalue: String(content.evalue ?? ''),
            traceback: Array.isArray(content.traceback) ? content.traceback.map(String) : [],
          });
          break;
        case 'clear_output':
          if (content.wait === true) awaitingClear.add(cell);
          else outputsOf(cell).length = 0;
      }
    },
    of: (cell) => cells.get(cell) ?? [],
  };
}

function displayOutput(type: 'display_data' | 'execute_result', content: JsonObject): DisplayOutput {
  const output: DisplayOutput = {
    output_type: type,
    data: (content.data ?? {}) as MimeData,
    metadata: (content.metadata ?? {}) as Record<string, unknown>,
  };
  return type === 'execute_result' ? { ...output, execution_count: (content.execution_count ?? null) as number | null } : output;
}

function displayId(content: JsonObject): string {
  const transient = content.transient as { readonly display_id?: unknown } | undefined;
  return typeof transient?.display_id === 'string' ? transient.display_id : '';
}
