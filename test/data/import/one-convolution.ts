import { WireWriter } from '../../../src/data/import/wire-writer.js';

/** An ONNX file: filters of 3 × 3 × 3 without padding over an input of these extents (channels first); a text is an open one. */
export function oneConvolution(filters: number, extents: readonly (number | string)[], input = 'image'): Uint8Array {
  const node = new WireWriter().text(1, input).text(1, 'weight').text(2, 'out').text(4, 'Conv');
  const weight = new WireWriter();
  for (const extent of [filters, 3, 3, 3]) weight.int(1, extent);
  weight.int(2, 1).text(8, 'weight');
  const shape = new WireWriter();
  for (const extent of extents) {
    shape.message(1, typeof extent === 'number' ? new WireWriter().int(1, extent) : new WireWriter().text(2, extent));
  }
  const type = new WireWriter().message(1, new WireWriter().int(1, 1).message(2, shape));
  const graph = new WireWriter().message(1, node).message(5, weight);
  graph.message(11, new WireWriter().text(1, input).message(2, type)).message(12, new WireWriter().text(1, 'out'));
  return new WireWriter().int(1, 8).message(7, graph).message(8, new WireWriter().text(1, '').int(2, 17)).finish();
}
