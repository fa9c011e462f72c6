import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

it('keeps raw texts and the architectures of different spaces apart, where they are typed', () => {
  const file = fileURLToPath(new URL('kept-apart.ts', import.meta.url));
  const program = ts.createProgram([file], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2022.d.ts'],
    types: [],
    strict: true,
    noEmit: true,
  });
  const source = program.getSourceFile(file);
  expect(source?.text.match(/@ts-expect-error/g)).toHaveLength(6);
  const problems = program.getSemanticDiagnostics(source);
  expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([]);
});
