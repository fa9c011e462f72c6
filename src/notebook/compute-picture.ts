import type { AtomicOp, ComputeGraph, Extent, TensorShape } from '../core/ir/compute-graph.js';
import { repeats } from '../core/ir/repeats.js';
import { inferShapes } from '../core/ir/shapes.js';
import { escapeMarkup } from './escape.js';
import { layeredLayout, type Point } from './layered-layout.js';
import { fontFamily, inkOn, neutral, palette } from './theme.js';

export interface ComputePictureOptions {
  /** Draw a piece that stands several times in a row `once`, with a number beside it, or `each` time. */
  readonly repeated?: 'once' | 'each';
}

/** One box: an operation, and the batch norm and activation that only it feeds. */
interface Box {
  readonly node: number;
  readonly label: string;
  /** Batch norm and activation, in small. */
  readonly tail: string[];
  readonly fill: string;
  /** Shown on hover. */
  readonly says: string;
}

const GREY = '#5b6672';
const BOX_HEIGHT = 24;
const TAIL_HEIGHT = 14;
const CHARACTER = 6.9;
const MARGIN = 16;
const FRAME = 9;
const GAPS = { betweenLayers: 22, betweenNodes: 16 } as const;

/**
 * The picture of a whole network as SVG text, from top to bottom: operations as boxes coloured by kind, with the batch
 * norm and the activation after them in the same box. Pieces that repeat are drawn once, framed, with how often they
 * stand in a row. Holds no script and no reference to anything outside of itself; reads on light and on dark pages.
 * @throws ShapeError where shapes do not fit. Takes some 50 ms for 300 nodes.
 */
export function computePicture(graph: ComputeGraph, { repeated = 'once' }: ComputePictureOptions = {}): string {
  const pieces = repeated === 'once' ? repeats(graph) : [{ from: 0, to: graph.nodes.length, times: 1 }];
  const shown = new Int32Array(graph.nodes.length);
  const pieceOf = new Int32Array(graph.nodes.length).fill(-1);
  pieces.forEach(({ from, to, times }, piece) => {
    for (let i = 0; i < (to - from) * times; i++) shown[from + i] = from + (i % (to - from));
    pieceOf.fill(piece, from, to);
  });
  const { boxes, boxOf } = boxesOf(graph, pieceOf);
  const arrows = arrowsOf(graph, shown, pieceOf, boxOf);
  // Drawn from left to right and turned.
  const sizes = boxes.map((box) => ({ width: heightOf(box), height: widthOf(box) }));
  const layout = layeredLayout(sizes, arrows, GAPS);
  const centres = layout.nodes.map(turned);
  const frames = pieces.flatMap(({ times }, piece) => {
    const inside = boxes.flatMap((box, i) => (pieceOf[box.node] === piece ? [i] : []));
    return times > 1 ? [frameSvg(inside, centres, boxes, times)] : [];
  });
  const lines = layout.routes.map((route) => arrowSvg(route.map(turned)));
  const drawn = boxes.map((box, i) => boxSvg(box, centres[i]));
  const side = frames.length > 0 ? 56 : 0;
  const width = round(layout.height + 2 * (MARGIN + FRAME) + side);
  const height = round(layout.width + 2 * (MARGIN + FRAME));
  const about = escapeMarkup(describeCompute(graph));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
    `aria-label="${about}" font-family="${escapeMarkup(fontFamily)}" font-size="12" style="max-width:100%;height:auto">` +
    `<title>${about}</title><g transform="translate(${MARGIN + FRAME} ${MARGIN + FRAME})">` +
    `${frames.join('')}${lines.join('')}${drawn.join('')}</g></svg>`
  );
}

/** The picture's text form: `hiaml z,z,z,z: 95 nodes, [32, 32, 3] to [10]`. */
export function describeCompute(graph: ComputeGraph): string {
  const { out } = inferShapes(graph);
  const ends = out.length === 0 ? '' : `, [${out[0].join(', ')}] to [${out[out.length - 1].join(', ')}]`;
  return `${graph.name}: ${graph.nodes.length} nodes${ends}`;
}

function boxesOf(graph: ComputeGraph, pieceOf: Int32Array): { readonly boxes: Box[]; readonly boxOf: Int32Array } {
  const { out } = inferShapes(graph);
  const readers = new Int32Array(graph.nodes.length);
  for (const node of graph.nodes) for (const from of node.inputs) readers[from]++;
  const boxes: Box[] = [];
  const boxOf = new Int32Array(graph.nodes.length).fill(-1);
  graph.nodes.forEach(({ op, inputs, name }, i) => {
    if (pieceOf[i] < 0) return;
    const [from] = inputs;
    const trails = op.type === 'batchnorm' || op.type === 'activation';
    const before = trails && readers[from] === 1 && pieceOf[from] === pieceOf[i] ? boxes[boxOf[from]] : undefined;
    if (before !== undefined && carries(graph.nodes[before.node].op)) {
      before.tail.push(labelOf(op));
      boxOf[i] = boxOf[from];
    } else {
      const says = `${name}: ${labelOf(op)}, gives ${out[i].join(' × ')}`;
      boxOf[i] = boxes.push({ node: i, label: labelOf(op), tail: [], fill: fillOf(op), says }) - 1;
    }
  });
  return { boxes, boxOf };
}

/** Operations whose box takes in what follows. */
function carries(op: AtomicOp): boolean {
  return !['input', 'output', 'add', 'mul', 'concat', 'batchnorm', 'activation'].includes(op.type);
}

function arrowsOf(graph: ComputeGraph, shown: Int32Array, pieceOf: Int32Array, boxOf: Int32Array): (readonly [number, number])[] {
  const arrows = new Map<string, readonly [number, number]>();
  graph.nodes.forEach(({ inputs }, i) => {
    if (pieceOf[i] < 0) return;
    for (const input of inputs) {
      const arrow = [boxOf[shown[input]], boxOf[i]] as const;
      if (arrow[0] !== arrow[1]) arrows.set(arrow.join(), arrow);
    }
  });
  return [...arrows.values()];
}

function labelOf(op: AtomicOp): string {
  switch (op.type) {
    case 'input':
    case 'zero':
      return `${op.type} ${sized(op.shape)}`;
    case 'conv2d':
      return `conv ${windowed(op.kernel, op.stride)}, ${op.filters}`;
    case 'depthwise':
      return `depthwise ${windowed(op.kernel, op.stride)}`;
    case 'pool':
      return `${op.mode} pool ${windowed(op.kernel, op.stride)}`;
    case 'dense':
      return `dense ${op.units}`;
    case 'activation':
      return op.function;
    case 'batchnorm':
      return 'batch norm';
    case 'reshape':
      return `reshape ${sized(op.shape)}`;
    case 'opaque':
      return op.label;
    default:
      return op.type;
  }
}

function windowed([height, width]: Extent, [down, right]: Extent): string {
  const stride = down === right ? (down === 1 ? '' : ` /${down}`) : ` /${down}×${right}`;
  return `${height}×${width}${stride}`;
}

function sized(shape: TensorShape): string {
  return shape.join('×');
}

/** The colours that pictures of cells have for the same kinds. */
function fillOf(op: AtomicOp): string {
  switch (op.type) {
    case 'conv2d':
      return palette[0];
    case 'depthwise':
      return palette[4];
    case 'dense':
    case 'matmul':
      return palette[3];
    case 'pool':
    case 'mean':
    case 'global-pool':
      return palette[2];
    case 'identity':
      return palette[1];
    case 'input':
    case 'output':
      return GREY;
    case 'opaque':
      return palette[5];
    default:
      return palette[6];
  }
}

function heightOf({ tail }: Box): number {
  return BOX_HEIGHT + (tail.length > 0 ? TAIL_HEIGHT : 0);
}

function widthOf({ label, tail }: Box): number {
  return Math.max(label.length * CHARACTER, tail.join(', ').length * CHARACTER * 0.85) + 20;
}

function turned({ x, y }: Point): Point {
  return { x: y, y: x };
}

function boxSvg(box: Box, at: Point): string {
  const [width, height] = [widthOf(box), heightOf(box)];
  const top = at.y - height / 2;
  const ink = `fill="${inkOn(box.fill)}" text-anchor="middle" dominant-baseline="central"`;
  const rect = `<rect x="${round(at.x - width / 2)}" y="${round(top)}" width="${round(width)}" height="${height}" rx="6" fill="${box.fill}"/>`;
  const tail = box.tail.length === 0 ? '' : text(at.x, top + BOX_HEIGHT + 4, box.tail.join(', '), `${ink} font-size="10"`);
  return `<g><title>${escapeMarkup(box.says)}</title>${rect}${text(at.x, top + BOX_HEIGHT / 2, box.label, ink)}${tail}</g>`;
}

function frameSvg(inside: readonly number[], centres: readonly Point[], boxes: readonly Box[], times: number): string {
  const left = Math.min(...inside.map((i) => centres[i].x - widthOf(boxes[i]) / 2)) - FRAME;
  const right = Math.max(...inside.map((i) => centres[i].x + widthOf(boxes[i]) / 2)) + FRAME;
  const top = Math.min(...inside.map((i) => centres[i].y - heightOf(boxes[i]) / 2)) - FRAME;
  const bottom = Math.max(...inside.map((i) => centres[i].y + heightOf(boxes[i]) / 2)) + FRAME;
  const rect = `<rect x="${round(left)}" y="${round(top)}" width="${round(right - left)}" height="${round(bottom - top)}" rx="10" fill="${neutral.faint}" stroke="${neutral.line}" stroke-dasharray="4 3"/>`;
  return (
    rect +
    text(
      right + 8,
      (top + bottom) / 2,
      `× ${times}`,
      `fill="${neutral.text}" dominant-baseline="central" font-weight="600" font-size="14"`,
    )
  );
}

function arrowSvg(points: readonly Point[]): string {
  const tip = points[points.length - 1];
  let d = `M${round(points[0].x)} ${round(points[0].y)}`;
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1];
    const to = i === points.length - 1 ? { x: tip.x, y: tip.y - 6 } : points[i];
    const middle = round((from.y + to.y) / 2);
    d += `C${round(from.x)} ${middle} ${round(to.x)} ${middle} ${round(to.x)} ${round(to.y)}`;
  }
  const line = `<path d="${d}" fill="none" stroke="${neutral.line}" stroke-width="1.5"/>`;
  return `${line}<path d="M${round(tip.x)} ${round(tip.y)}l-4 -8h8z" fill="${neutral.line}"/>`;
}

function text(x: number, y: number, label: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeMarkup(label)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
