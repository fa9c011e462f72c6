import { expect, test } from 'vitest';
import { readCg } from '../../src/core/ir/cg-json-read.js';
import { backend } from '../../src/nn/backend.js';
import { kGnn } from '../../src/nn/k-gnn.js';
import type { NamedTensors } from '../../src/nn/named-tensors.js';
import { describeShared, readShared } from '../shared.js';

describeShared('the authors’ k-GNN on the backend that is chosen here', () => {
  test('predicts as their code does', async () => {
    const { id } = await backend();
    const golden = JSON.parse(readShared('goldens', 'kgnn', 'forward_golden.json')) as Record<string, { readonly pred: number }>;
    const files = Object.keys(golden);
    const model = await kGnn(JSON.parse(readShared('goldens', 'kgnn', 'kgnn_weights.json')) as NamedTensors);
    const predicted = model.predict(files.map((file) => readCg(JSON.parse(readShared('goldens', 'cg', file)))));
    model.dispose();
    files.forEach((file, g) => {
      expect(Math.abs(predicted[g] - golden[file].pred), `${file} on ${id}`).toBeLessThan(1e-5);
    });
  });
});
