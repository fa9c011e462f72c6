import { describe, expect, test } from 'vitest';
import { rng } from '../../../src/core/base/rng.js';
import { drawMicro, microFamilyNamed } from '../../../src/core/spaces/micro/index.js';
import { nasbench201 } from '../../../src/core/spaces/nasbench201.js';
import { ZERO_COST_PROXIES } from '../../../src/data/engine-proxies.js';
import { nasbench201Network } from '../../../src/micro/nasbench201-network.js';
import { proxies } from '../../../src/micro/proxies/proxies.js';
import { PROXY_SPACES, unitProxies } from '../../../src/micro/proxies/proxy-unit.js';
import { act, BN, chain, conv } from '../engine/small-graphs.js';

const arch = nasbench201.parse('(2, 0, 1, 3, 4, 3)');
const SMALL = { channels: 4, cellsPerStage: 1, side: 8 };
const small = nasbench201Network(arch, SMALL);

describe('proxies of a network', () => {
  test('are all there, finite, and the same each time', async () => {
    const first = await proxies(small, { rng: rng(1), batch: 16 });
    expect(Object.keys(first)).toEqual(ZERO_COST_PROXIES);
    for (const name of ZERO_COST_PROXIES) expect(first[name], name).toMatchObject({ status: 'ok', value: expect.any(Number) });
    expect(await proxies(small, { rng: rng(1), batch: 16 })).toEqual(first);
    expect((await proxies(small, { rng: rng(2), batch: 16 })).snip).not.toEqual(first.snip);
  });

  test('do not depend on which others are asked for', async () => {
    const all = await proxies(small, { rng: rng(1), batch: 16 });
    for (const name of ZERO_COST_PROXIES) {
      expect(await proxies(small, { rng: rng(1), batch: 16, which: [name] }), name).toEqual({ [name]: all[name] });
    }
  });

  test('follow pictures and labels that are given', async () => {
    const images = Float32Array.from({ length: 4 * 192 }, (_, i) => Math.sin(i * i));
    const options = { rng: rng(1), batch: 4, which: ['grad_norm', 'epe_nas'] as const, images };
    const alike = await proxies(small, { ...options, labels: Int32Array.of(1, 1, 1, 1) });
    const apart = await proxies(small, { ...options, labels: Int32Array.of(1, 2, 3, 4) });
    expect(alike.epe_nas?.value).toBeGreaterThan(apart.epe_nas?.value as number);
    expect(alike.grad_norm).not.toEqual(apart.grad_norm);
  });

  test('of the mean loss stay where every picture comes twice', async () => {
    const images = Float32Array.from({ length: 8 * 192 }, (_, i) => Math.sin(i * i));
    const labels = Int32Array.from({ length: 8 }, (_, i) => i);
    const which = ['grad_norm', 'snip', 'fisher'] as const;
    const once = await proxies(small, { rng: rng(1), batch: 8, which, images, labels });
    const twice = await proxies(small, {
      ...{ rng: rng(1), batch: 16, which },
      ...{ images: Float32Array.of(...images, ...images), labels: Int32Array.of(...labels, ...labels) },
    });
    const ratio = (name: (typeof which)[number]): number => (twice[name]?.value as number) / (once[name]?.value as number);
    expect(ratio('grad_norm')).toBeCloseTo(1, 4);
    expect(ratio('snip')).toBeCloseTo(1, 4);
    // Each picture has half the gradient, which is squared.
    expect(ratio('fisher')).toBeCloseTo(1 / 4, 4);
  });

  test('of input gradients are of all outputs of all pictures', async () => {
    // A linear network, whose input gradient is the same for each picture: one eigenvalue is 4, the others 0.
    const linear = chain([4, 4, 1], conv(3, 4, { padding: 'valid' }));
    const labels = Int32Array.of(0, 0, 1, 2);
    const { jacov, epe_nas } = await proxies(linear, { rng: rng(1), batch: 4, which: ['jacov', 'epe_nas'], labels });
    const k = 1e-5;
    expect((jacov?.value as number) / -(Math.log(4 + k) + 1 / (4 + k) + 3 * (Math.log(k) + 1 / k))).toBeCloseTo(1, 6);
    expect(epe_nas?.value).toBeCloseTo((4 + 1 + 1) * Math.log(1 + k), 8);
  });

  test('by ZiCo compare the gradients of two batches, each of its own pictures', async () => {
    const draw = (at: number): Float32Array => Float32Array.from({ length: 4 * 192 }, (_, i) => Math.sin(i * i + at));
    const labels = Int32Array.of(1, 2, 3, 4, 1, 2, 3, 4);
    const score = async (first: Float32Array, second: Float32Array): Promise<number> => {
      const images = Float32Array.of(...first, ...second);
      const found = await proxies(small, { rng: rng(1), batch: 4, which: ['zico'], images, labels });
      return found.zico?.value as number;
    };
    // Gradients that do not change are left out: nothing remains.
    expect(await score(draw(0), draw(0))).toBe(0);
    expect(await score(draw(0), draw(1))).not.toBe(0);
  });

  test('by SWAP look at the ReLUs of pictures alone, by NASWOT at all', async () => {
    const dense = { type: 'dense', units: 64, bias: false } as const;
    const graph = chain([4, 4, 1], { type: 'mean', keepDims: false }, dense, act('relu'), { ...dense, units: 3 });
    const { swap, nwot } = await proxies(graph, { rng: rng(1), batch: 2, which: ['swap', 'nwot'] });
    expect(swap).toEqual({ value: 0, status: 'ok' });
    // One number each, of opposite signs or of the same: 64 ReLUs on which two pictures agree in all or in none.
    expect([null, Math.log(64 * 64)]).toContain(nwot?.value);
  });

  test('that there are none of are refused by name', async () => {
    const which = ['nwot', 'synflw' as 'synflow'] as const;
    await expect(proxies(small, { rng: rng(1), batch: 4, which })).rejects.toThrow(/did you mean synflow.*synflw/);
    await expect(proxies(small, { rng: rng(1), batch: 4, which: ['toString' as 'swap'] })).rejects.toThrow(/zero-cost proxy/);
  });

  test('that are no finite number have a status and no value', async () => {
    // No ReLU to open, no block to compare.
    const linear = chain([4, 4, 1], conv(3, 3), BN, { type: 'mean', keepDims: false });
    const found = await proxies(linear, { rng: rng(1), batch: 4 });
    for (const name of ['nwot', 'progressivity', 'trainability'] as const) {
      expect(found[name], name).toEqual({ value: null, status: 'non-finite' });
    }
    expect(found.snip?.status).toBe('ok');
  });

  test.each([
    '(1, 1, 1, 1, 1, 1)',
    '(0, 0, 0, 0, 0, 0)',
    '(4, 1, 1, 1, 1, 1)',
    '(1, 1, 4, 1, 1, 1)',
  ])('of the degenerate cell %s are numbers or have a status', async (text) => {
    const found = await proxies(nasbench201Network(nasbench201.parse(text), SMALL), { rng: rng(1), batch: 8 });
    for (const name of ZERO_COST_PROXIES) {
      const { value = Number.NaN, status } = found[name] ?? {};
      expect(status === 'ok' ? Number.isFinite(value) : value === null, name).toBe(true);
    }
    expect(found.params?.status).toBe('ok');
  });

  test('of a network that its input does not reach are missing where they look at it', async () => {
    const found = await proxies(nasbench201Network(nasbench201.parse('(1, 1, 1, 1, 1, 1)'), SMALL), { rng: rng(1), batch: 8 });
    for (const name of ['jacov', 'epe_nas', 'nwot', 'trainability'] as const) expect(found[name]?.value, name).toBeNull();
  });

  test('are refused where nothing names classes, or pictures and labels do not fit', async () => {
    const pixels = chain([4, 4, 1], conv(3, 3), act('relu'));
    await expect(proxies(pixels, { rng: rng(1) })).rejects.toThrow(/class scores/);
    await expect(proxies(small, { rng: rng(1), batch: 4, images: new Float32Array(7) })).rejects.toThrow(/4 .*\[8, 8, 3\]/);
    await expect(proxies(small, { rng: rng(1), batch: 2, labels: Int32Array.of(0, 10) })).rejects.toThrow(/from 0 to 9/);
    await expect(proxies(small, { rng: rng(1), batch: 1 })).rejects.toThrow(/at least 2/);
  });

  test('stop at the next pass when told to, and say how far they are', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const work = proxies(small, {
      rng: rng(1),
      batch: 4,
      signal: controller.signal,
      onProgress: ({ done, total, label }) => {
        seen.push(`${done}/${total} ${label}`);
        if (label === 'zen') controller.abort(new Error('enough'));
      },
    });
    await expect(work).rejects.toThrow('enough');
    expect(seen).toEqual(['0/4 gradients', '1/4 zen']);
  });
});

describe('proxies of an architecture', () => {
  test.each(['E201', 'E101', 'EMB', 'E2P'])('drawn from %s are finite on its scenes', async (space) => {
    const family = microFamilyNamed(space);
    const text = family.format(drawMicro(family, rng(5), 1)[0]);
    expect(PROXY_SPACES).toContain(space);
    const found = await unitProxies({ space, arch: text, seed: 1, batch: 16, which: ZERO_COST_PROXIES });
    for (const name of ZERO_COST_PROXIES) expect(found[name]?.status, name).toBe('ok');
  });

  test('of a space that is none are refused by name', async () => {
    const unit = { space: 'E210', arch: 'x', seed: 1, batch: 4, which: ZERO_COST_PROXIES };
    expect(() => unitProxies(unit)).toThrow(/did you mean E201/);
  });
});
