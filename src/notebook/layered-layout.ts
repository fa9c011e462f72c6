/**
 * Drawing a directed acyclic graph in layers, from left to right (Sugiyama, Tagawa and Toda 1981): a node's layer is its
 * longest path from a source, edges over several layers are led through empty places in between, the order in a layer
 * lessens crossings, and heights follow the neighbours. Everything is deterministic.
 */
export interface LayoutBox {
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The centre of each node. */
  readonly nodes: readonly Point[];
  /** Each edge's way from the right side of its first node to the left side of its last, in pieces that are flat at both ends. */
  readonly routes: readonly (readonly Point[])[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LayoutGaps {
  readonly betweenLayers: number;
  readonly betweenNodes: number;
}

interface Slot {
  readonly layer: number;
  readonly width: number;
  readonly height: number;
  readonly left: number[];
  readonly right: number[];
  x: number;
  y: number;
}

const SWEEPS = 12;
const LANE_HEIGHT = 10;

/**
 * @param boxes the nodes' sizes.
 * @param edges pairs of node numbers, acyclic; between the same two nodes there may be several.
 * @throws RangeError when the edges form a cycle.
 */
export function layeredLayout(
  boxes: readonly LayoutBox[],
  edges: readonly (readonly [number, number])[],
  gaps: LayoutGaps,
): Layout {
  const layerOf = longestPaths(boxes.length, edges);
  const slots: Slot[] = boxes.map((box, i) => ({ ...box, layer: layerOf[i], left: [], right: [], x: 0, y: 0 }));
  const ways = edges.map(([from, to]) => lead(slots, from, to));
  const layers: number[][] = Array.from({ length: Math.max(0, ...layerOf) + 1 }, () => []);
  for (let i = 0; i < slots.length; i++) layers[slots[i].layer].push(i);
  orderLayers(slots, layers);
  const columns = layers.map((layer) => Math.max(...layer.map((slot) => slots[slot].width)));
  const width = placeColumns(slots, layers, columns, gaps);
  const height = placeHeights(slots, layers, gaps);
  return {
    width,
    height,
    nodes: slots.slice(0, boxes.length).map(({ x, y }) => ({ x, y })),
    routes: ways.map((way) => route(way, slots, columns)),
  };
}

function longestPaths(count: number, edges: readonly (readonly [number, number])[]): number[] {
  const layer = new Array<number>(count).fill(0);
  for (let round = 0; ; round++) {
    let changed = false;
    for (const [from, to] of edges) {
      if (layer[to] <= layer[from]) {
        layer[to] = layer[from] + 1;
        changed = true;
      }
    }
    if (!changed) return layer;
    if (round > count) throw new RangeError('layeredLayout: expected edges without a cycle');
  }
}

/** Adds an empty slot for each layer that the edge crosses; gives all slots on its way. */
function lead(slots: Slot[], from: number, to: number): number[] {
  const way = [from];
  for (let layer = slots[from].layer + 1; layer < slots[to].layer; layer++) {
    way.push(slots.push({ layer, width: 0, height: LANE_HEIGHT, left: [], right: [], x: 0, y: 0 }) - 1);
  }
  way.push(to);
  for (let i = 1; i < way.length; i++) {
    slots[way[i - 1]].right.push(way[i]);
    slots[way[i]].left.push(way[i - 1]);
  }
  return way;
}

/** Sorts each layer by the mean place of its neighbours, to and fro, and keeps the order with the fewest crossings. */
function orderLayers(slots: readonly Slot[], layers: number[][]): void {
  const place = new Array<number>(slots.length).fill(0);
  const number = (layer: readonly number[]): void => {
    for (let i = 0; i < layer.length; i++) place[layer[i]] = i - (layer.length - 1) / 2;
  };
  layers.forEach(number);
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(slots, layers, place);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const forward = sweep % 2 === 0;
    const neighbours = (slot: number): readonly number[] => (forward ? slots[slot].left : slots[slot].right);
    for (const layer of forward ? layers : [...layers].reverse()) {
      const wish = new Map(layer.map((slot) => [slot, mean(neighbours(slot).map((n) => place[n])) ?? place[slot]]));
      layer.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || place[a] - place[b]);
      number(layer);
    }
    const count = crossings(slots, layers, place);
    if (count < fewest) {
      fewest = count;
      best = layers.map((layer) => [...layer]);
    }
  }
  layers.splice(0, layers.length, ...best);
}

function crossings(slots: readonly Slot[], layers: readonly number[][], place: readonly number[]): number {
  let count = 0;
  for (const layer of layers) {
    const pairs = layer.flatMap((slot) => slots[slot].right.map((to) => [place[slot], place[to]] as const));
    for (let i = 0; i < pairs.length; i++) {
      for (let j = 0; j < i; j++) if ((pairs[i][0] - pairs[j][0]) * (pairs[i][1] - pairs[j][1]) < 0) count++;
    }
  }
  return count;
}

function placeColumns(slots: readonly Slot[], layers: readonly number[][], columns: readonly number[], gaps: LayoutGaps): number {
  let x = 0;
  for (const [i, layer] of layers.entries()) {
    for (const slot of layer) slots[slot].x = x + columns[i] / 2;
    x += columns[i] + gaps.betweenLayers;
  }
  return Math.max(0, x - gaps.betweenLayers);
}

/** Moves each layer towards its neighbours' heights, never closer together than the gap, then starts the picture at 0. */
function placeHeights(slots: readonly Slot[], layers: readonly number[][], gaps: LayoutGaps): number {
  const settle = (layer: readonly number[], wish: (slot: number) => number): void => {
    const offsets = layer.map((slot, i) =>
      i === 0 ? 0 : (slots[layer[i - 1]].height + slots[slot].height) / 2 + gaps.betweenNodes,
    );
    const starts = offsets.map((_, i) => offsets.slice(0, i + 1).reduce((sum, offset) => sum + offset, 0));
    const free = ascendingNearest(layer.map((slot, i) => wish(slot) - starts[i]));
    for (let i = 0; i < layer.length; i++) slots[layer[i]].y = free[i] + starts[i];
  };
  for (const layer of layers) settle(layer, () => 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      settle(layer, (slot) => {
        const near =
          sweep < SWEEPS - 2
            ? sweep % 2 === 0
              ? slots[slot].left
              : slots[slot].right
            : [...slots[slot].left, ...slots[slot].right];
        return mean(near.map((n) => slots[n].y)) ?? slots[slot].y;
      });
    }
  }
  const top = Math.min(...slots.map((slot) => slot.y - slot.height / 2));
  for (const slot of slots) slot.y -= top;
  return Math.max(...slots.map((slot) => slot.y + slot.height / 2));
}

/** The ascending numbers nearest to the wishes in least squares (pool adjacent violators). */
function ascendingNearest(wishes: readonly number[]): number[] {
  const blocks: { sum: number; count: number }[] = [];
  for (const wish of wishes) {
    blocks.push({ sum: wish, count: 1 });
    while (blocks.length > 1) {
      const last = blocks[blocks.length - 1];
      const before = blocks[blocks.length - 2];
      if (before.sum / before.count <= last.sum / last.count) break;
      blocks.pop();
      before.sum += last.sum;
      before.count += last.count;
    }
  }
  return blocks.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
}

/** A lane runs level through its column, so that no line bends behind a box. */
function route(way: readonly number[], slots: readonly Slot[], columns: readonly number[]): Point[] {
  return way.flatMap((slot, i) => {
    const { x, y, width, layer } = slots[slot];
    if (i === 0) return [{ x: x + width / 2, y }];
    if (i === way.length - 1) return [{ x: x - width / 2, y }];
    return [
      { x: x - columns[layer] / 2, y },
      { x: x + columns[layer] / 2, y },
    ];
  });
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
