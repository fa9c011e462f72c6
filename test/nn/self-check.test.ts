import { createRequire } from 'node:module';
import type { TensorInfo } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { UnsupportedError } from '../../src/core/base/errors.js';
import { backend } from '../../src/nn/backend.js';
import type { Tf } from '../../src/nn/tf.js';

test('a backend that computes wrongly is passed over, saying how far off it is', async () => {
  const tf = createRequire(import.meta.url)('@tensorflow/tfjs') as Tf;
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const { kernelFunc } = tf.getKernel('Tanh', 'cpu');
  tf.unregisterKernel('Tanh', 'cpu');
  tf.registerKernel({
    kernelName: 'Tanh',
    backendName: 'cpu',
    kernelFunc: (call) => {
      const out = kernelFunc(call) as TensorInfo;
      const { data } = call.backend as { data: { get(id: object): { values: Float32Array } } };
      data.get(out.dataId).values.forEach((value, i, values) => {
        values[i] = 1.01 * value;
      });
      return out;
    },
  });
  process.env.NASCOPE_BACKEND = 'cpu';
  const started = backend();
  await expect(started).rejects.toThrow(UnsupportedError);
  await expect(started).rejects.toThrow(/cpu: self-check error 0\.\d/);
});
