import type { CellGraph, CellStack, EdgeGraph, GraphOf, NodeGraph, SequenceGraph, Vocabulary } from '../core/ir/cell-graph.js';
import { checkGraph } from '../core/ir/check-graph.js';
import { escapeMarkup } from './escape.js';
import { layeredLayout, type Point } from './layered-layout.js';
import { fontFamily, inkOn, neutral, palette } from './theme.js';

/** What is drawn: boxes and arrows, before they have places. */
interface Drawing {
  readonly shapes: readonly Shape[];
  readonly arrows: readonly { readonly from: number; readonly to: number; readonly head: boolean; readonly dead: boolean }[];
}

interface Shape {
  readonly label: string;
  readonly kind: OpKind | 'place';
  /** Shown on hover. */
  readonly says: string;
}

type OpKind = 'convolution' | 'separable convolution' | 'dilated convolution' | 'pooling' | 'skip' | 'zero' | 'other';

const FILL: Readonly<Record<Exclude<OpKind, 'zero'>, string>> = {
  convolution: palette[0],
  'separable convolution': palette[4],
  'dilated convolution': palette[3],
  pooling: palette[2],
  skip: palette[1],
  other: palette[6],
};

const BOX_HEIGHT = 26;
const CHARACTER = 7.1;
const MARGIN = 14;
const TITLE = 28;
const BETWEEN_CELLS = 48;
const GAPS = { betweenLayers: 30, betweenNodes: 14 } as const;

/**
 * The picture of an architecture as SVG text, from left to right: operations as boxes coloured by kind, feature maps as
 * circles, connections of the space's zero operation dashed, the cells of a stack side by side. Reads well on light and
 * on dark pages, needs no browser to be made, and holds no script and no reference to anything outside of itself.
 */
export function picture(graph: CellGraph): string {
  checkGraph('picture: graph', graph);
  const panels = graph.kind === 'cell-stack' ? stackPanels(graph) : [{ title: '', drawing: drawingOf(graph) }];
  const titled = panels.some((panel) => panel.title !== '');
  let x = MARGIN;
  let height = 0;
  const parts = panels.map((panel) => {
    const { svg, width, height: tall } = drawPanel(panel.drawing);
    const top = MARGIN + (titled ? TITLE : 0);
    const title = panel.title === '' ? '' : text(x, MARGIN + 12, panel.title, `fill="${neutral.text}" font-weight="600"`);
    const part = `${title}<g transform="translate(${round(x)} ${top})">${svg}</g>`;
    x += width + BETWEEN_CELLS;
    height = Math.max(height, tall + top);
    return part;
  });
  const w = round(x - BETWEEN_CELLS + MARGIN);
  const h = round(height + MARGIN);
  const about = escapeMarkup(describe(graph));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${about}" ` +
    `font-family="${escapeMarkup(fontFamily)}" font-size="12.5" style="max-width:100%;height:auto">` +
    `<title>${about}</title>${parts.join('')}</svg>`
  );
}

/** The picture's text form: `nasbench201: 6 operations (nor_conv_3x3 ×3, none ×3)`. */
export function describe(graph: CellGraph): string {
  const ops = opsOf(graph);
  const counts = new Map<string, number>();
  for (const op of ops) counts.set(op, (counts.get(op) ?? 0) + 1);
  const listed = [...counts].map(([op, n]) => (n === 1 ? op : `${op} ×${n}`)).join(', ');
  return `${graph.space}: ${ops.length} operations (${listed})`;
}

function opsOf(graph: CellGraph): readonly string[] {
  switch (graph.kind) {
    case 'edge-ops':
      return graph.edges.flatMap(({ op }) => (graph.vocabulary.markers.includes(op) ? [] : [op]));
    case 'node-ops':
      return graph.nodes.filter((op) => !graph.vocabulary.markers.includes(op));
    case 'sequence':
      return graph.blocks;
    case 'cell-stack':
      return graph.cells.flatMap((cell) => opsOf(cell.graph));
  }
}

function stackPanels(stack: CellStack): { readonly title: string; readonly drawing: Drawing }[] {
  return stack.cells.map((cell) => ({ title: `${cell.name} cell`, drawing: edgeDrawing(cell.graph) }));
}

function drawingOf(graph: GraphOf<'edge-ops' | 'node-ops' | 'sequence'>): Drawing {
  switch (graph.kind) {
    case 'edge-ops':
      return edgeDrawing(graph);
    case 'node-ops':
      return nodeDrawing(graph);
    case 'sequence':
      return chainDrawing(graph);
  }
}

/** An operation on an edge becomes a box between two circles, so that labels never lie on each other. */
function edgeDrawing(graph: EdgeGraph): Drawing {
  const places: Shape[] = graph.nodeNames.map((name, i) => ({
    label: name,
    kind: 'place',
    says: graph.inputs.includes(i) ? `input ${name}` : i === graph.output ? `output ${name}` : `feature map ${name}`,
  }));
  const shapes = [...places];
  const arrows = graph.edges.flatMap(({ from, to, op }) => {
    // A marker on an edge (DARTS: the concatenation at the output) is nobody's choice: a plain arrow.
    if (graph.vocabulary.markers.includes(op)) return [{ from, to, head: true, dead: false }];
    const dead = op === graph.vocabulary.zero;
    const box = shapes.push(opShape(op, graph.vocabulary, `from ${graph.nodeNames[from]} to ${graph.nodeNames[to]}`)) - 1;
    return [
      { from, to: box, head: false, dead },
      { from: box, to, head: true, dead },
    ];
  });
  return { shapes, arrows };
}

function nodeDrawing(graph: NodeGraph): Drawing {
  return {
    shapes: graph.nodes.map((op, i) =>
      graph.vocabulary.markers.includes(op) ? { label: op, kind: 'place', says: op } : opShape(op, graph.vocabulary, `node ${i}`),
    ),
    arrows: graph.edges.map(([from, to]) => ({ from, to, head: true, dead: false })),
  };
}

function chainDrawing(graph: SequenceGraph): Drawing {
  const shapes = graph.blocks.map((op, i) => {
    const properties = Object.entries(graph.properties[op] ?? {}).flatMap(([name, has]) => (has ? [name] : []));
    return opShape(op, graph.vocabulary, `block ${i}${properties.length === 0 ? '' : `: changes ${properties.join(' and ')}`}`);
  });
  return { shapes, arrows: shapes.slice(1).map((_, i) => ({ from: i, to: i + 1, head: true, dead: false })) };
}

function opShape(op: string, vocabulary: Vocabulary, where: string): Shape {
  const kind = op === vocabulary.zero ? 'zero' : kindOf(op);
  return { label: op, kind, says: `${op}, ${where}` };
}

/** By the words that the published spaces spell their operations with. */
function kindOf(op: string): OpKind {
  if (/skip|identity/i.test(op)) return 'skip';
  if (/pool/i.test(op)) return 'pooling';
  if (/dil/i.test(op)) return 'dilated convolution';
  if (/sep|dw/i.test(op)) return 'separable convolution';
  if (/conv/i.test(op)) return 'convolution';
  return 'other';
}

function drawPanel(drawing: Drawing): { readonly svg: string; readonly width: number; readonly height: number } {
  const boxes = drawing.shapes.map((shape) => ({ width: widthOf(shape), height: BOX_HEIGHT }));
  const layout = layeredLayout(
    boxes,
    drawing.arrows.map(({ from, to }) => [from, to] as const),
    GAPS,
  );
  const lines = drawing.arrows.map((arrow, i) => arrowSvg(layout.routes[i], arrow.head, arrow.dead));
  const shapes = drawing.shapes.map((shape, i) => shapeSvg(shape, layout.nodes[i], boxes[i].width));
  return { svg: lines.join('') + shapes.join(''), width: layout.width, height: layout.height };
}

function widthOf(shape: Shape): number {
  const width = shape.label.length * CHARACTER + 20;
  return shape.kind === 'place' ? Math.max(BOX_HEIGHT, shape.label.length === 1 ? 0 : width - 4) : width;
}

function shapeSvg(shape: Shape, at: Point, width: number): string {
  const box = `x="${round(at.x - width / 2)}" y="${round(at.y - BOX_HEIGHT / 2)}" width="${round(width)}" height="${BOX_HEIGHT}"`;
  const title = `<title>${escapeMarkup(shape.says)}</title>`;
  if (shape.kind === 'zero') {
    const rect = `<rect ${box} rx="6" fill="none" stroke="${neutral.line}" stroke-dasharray="4 3"/>`;
    return `<g>${title}${rect}${text(at.x, at.y, shape.label, `fill="${neutral.text}" text-anchor="middle" dominant-baseline="central"`)}</g>`;
  }
  const fill = shape.kind === 'place' ? '#5b6672' : FILL[shape.kind];
  const radius = shape.kind === 'place' ? BOX_HEIGHT / 2 : 6;
  const ink = `fill="${inkOn(fill)}" text-anchor="middle" dominant-baseline="central"`;
  return `<g>${title}<rect ${box} rx="${radius}" fill="${fill}"/>${text(at.x, at.y, shape.label, ink)}</g>`;
}

function arrowSvg(points: readonly Point[], head: boolean, dead: boolean): string {
  const tip = points[points.length - 1];
  const last = head ? { x: tip.x - 6, y: tip.y } : tip;
  let d = `M${round(points[0].x)} ${round(points[0].y)}`;
  for (let i = 1; i < points.length; i++) {
    const from = points[i - 1];
    const to = i === points.length - 1 ? last : points[i];
    const middle = round((from.x + to.x) / 2);
    d += `C${middle} ${round(from.y)} ${middle} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
  }
  const dash = dead ? ' stroke-dasharray="4 3"' : '';
  const line = `<path d="${d}" fill="none" stroke="${neutral.line}" stroke-width="1.5"${dash}/>`;
  const arrow = `M${round(tip.x)} ${round(tip.y)}l-8 -4v8z`;
  return head ? `${line}<path d="${arrow}" fill="${neutral.line}"/>` : line;
}

function text(x: number, y: number, label: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeMarkup(label)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
