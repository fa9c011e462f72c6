import { expect, test } from 'vitest';
import { failureText } from '../../src/kernel/failure-text.js';
import type { JsonObject } from '../../src/kernel/jupyter-wire.js';
import { collectOutputs } from '../../src/kernel/outputs.js';

const text = (value: string): JsonObject => ({ data: { 'text/plain': value }, metadata: {} });

test('neighbouring pieces of one stream are joined, others kept apart', () => {
  const outputs = collectOutputs();
  for (const [name, piece] of [
    ['stdout', 'a'],
    ['stdout', 'b'],
    ['stderr', 'c'],
    ['stdout', 'd'],
  ])
    outputs.take(0, 'stream', { name, text: piece });
  expect(outputs.of(0).map((output) => output.output_type === 'stream' && `${output.name} ${output.text}`)).toEqual([
    'stdout ab',
    'stderr c',
    'stdout d',
  ]);
  expect(outputs.of(1)).toEqual([]);
});

test('an update replaces a display wherever it was shown, and only that', () => {
  const outputs = collectOutputs();
  outputs.take(0, 'display_data', { ...text('old'), transient: { display_id: 'x' } });
  outputs.take(0, 'display_data', text('other'));
  outputs.take(1, 'display_data', { ...text('old'), transient: { display_id: 'x' } });
  outputs.take(1, 'update_display_data', { ...text('new'), transient: { display_id: 'x' } });
  outputs.take(1, 'update_display_data', { ...text('newer'), transient: { display_id: 'x' } });
  outputs.take(1, 'update_display_data', { ...text('nobody'), transient: { display_id: 'y' } });
  const seen = [0, 1].map((cell) =>
    outputs.of(cell).map((output) => output.output_type === 'display_data' && output.data['text/plain']),
  );
  expect(seen).toEqual([['newer', 'other'], ['newer']]);
});

test('clearing empties the cell at once, or when the next output comes', () => {
  const outputs = collectOutputs();
  outputs.take(0, 'stream', { name: 'stdout', text: 'a' });
  outputs.take(0, 'clear_output', { wait: true });
  expect(outputs.of(0)).toHaveLength(1);
  outputs.take(0, 'stream', { name: 'stdout', text: 'b' });
  expect(outputs.of(0)).toEqual([{ output_type: 'stream', name: 'stdout', text: 'b' }]);
  outputs.take(0, 'clear_output', { wait: false });
  expect(outputs.of(0)).toEqual([]);
});

test('a failure is told by an error message, else by what came last on stderr, without the machinery', () => {
  const stack = 'RangeError: odd\n    at evalmachine.<anonymous>:1:7\n    at Script.runInThisContext (node:vm:1:2)\n';
  const stderr = { output_type: 'stream', name: 'stderr', text: stack } as const;
  expect(failureText([stderr])).toBe('RangeError: odd\n    at evalmachine.<anonymous>:1:7');
  expect(failureText([{ output_type: 'error', ename: 'E', evalue: 'v', traceback: [] }, stderr])).toBe('E: v');
  expect(failureText([])).toBe('the cell failed without saying why');
});
