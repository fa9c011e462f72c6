import type { Tensor } from './meaning.js';
import type { SourceNetwork } from './source-network.js';
import type { Step } from './step.js';

/**
 * Which tensors are images (or sequences of channels), and so are turned to channels last, and which ones have axes of
 * another meaning (the heads of a transformer). Operations that leave axes where they are join tensors to a class; one
 * convolution, pooling or the like makes images of a whole class. Else tensors of four axes are images where nothing
 * says otherwise: a network's input.
 * Takes O(nodes + edges), nearly. @returns whether the tensor of this name is an image.
 */
export function imageLayout(
  { channelsFirst }: SourceNetwork,
  tensors: ReadonlyMap<string, Tensor>,
  steps: readonly Step[],
): (name: string) => boolean {
  const parent = new Map<string, string>();
  const find = (name: string): string => {
    let root = name;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    for (let at = name; at !== root; ) {
      const up = parent.get(at) ?? root;
      parent.set(at, root);
      at = up;
    }
    return root;
  };
  const rank = (name: string): number => tensors.get(name)?.shape.length ?? 0;
  const join = (a: string, b: string): void => {
    if (rank(a) !== rank(b)) return;
    const [x, y] = [find(a), find(b)];
    if (x !== y) parent.set(x, y);
  };
  const marks: { readonly name: string; readonly image: boolean }[] = [];
  for (const { meaning, inputs: from, node } of steps) {
    const out = node.outputs.filter((name) => name !== '' && tensors.get(name)?.constant === false);
    if (meaning.layout === 'carried') for (const name of [...from.slice(1), ...out]) if (from.length > 0) join(from[0], name);
    if (meaning.layout === 'spatial') {
      for (const name of [...from.slice(0, 1), ...out]) {
        marks.push({ name, image: true });
        if (from.length > 0) join(from[0], name);
      }
    }
    if (meaning.layout === 'plain') for (const name of [...from, ...out]) marks.push({ name, image: false });
    if (meaning.layout === 'free') for (const name of out) marks.push({ name, image: false });
  }
  const images = new Set<string>();
  const others = new Set<string>();
  for (const { name, image } of marks) (image ? images : others).add(find(name));
  return (name) => {
    const root = find(name);
    if (rank(name) < 3) return false;
    return images.has(root) || (channelsFirst && rank(name) === 4 && !others.has(root));
  };
}
