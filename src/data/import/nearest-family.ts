import { rng } from '../../core/base/rng.js';
import { computeFeatures } from '../../core/features/compute/compute-features.js';
import { operationName } from '../../core/features/compute/operation-names.js';
import type { ComputeGraph, ComputeNode } from '../../core/ir/compute-graph.js';
import { laplacianSpectrum } from '../../core/ir/spectrum.js';
import { type GraphFamilyId, graphFamilies } from '../../core/spaces/families/index.js';

/** How far a network is from a published family of architectures. */
export interface FamilyDistance {
  readonly family: GraphFamilyId;
  /** The mean of the two distances below, each in units of how far families typically are from each other. */
  readonly distance: number;
  /** Between the 21 smallest eigenvalues: GENNAPE's measure. Null where the graph's spectrum was not computed. */
  readonly spectrum: number | null;
  /** Between shares of operations, depth, branching, size and cost, each in standard deviations over the families. */
  readonly features: number;
  /** The sample of the family that is nearest, in its text form. */
  readonly example: string;
}

/** Operations whose shares are compared: those of GENNAPE's families. */
const OPERATIONS = ['conv3x3', 'conv1x1', 'conv5x5', 'depthwise3x3', 'depthwise5x5', 'relu', 'relu6', 'add', 'mul', 'concat'];
const SAMPLES = 4;
const SEED = 7;

/**
 * The published families by how near a network is to them, nearest first: to the nearest of a few networks drawn from
 * each, by spectrum and by features, batch norms and identities left out on both sides, since exporters fold them into
 * convolutions or keep them as they like. The same for the same graph always. The first call draws and measures the samples,
 * which takes some seconds; they are kept.
 * @throws ShapeError where shapes do not fit.
 */
export function nearestFamilies(graph: ComputeGraph): FamilyDistance[] {
  const { samples, spectrumUnit, featureUnit, mean, deviation } = reference();
  const bare = withoutFoldable(graph);
  const spectrum = laplacianSpectrum(bare);
  const scaled = standardised(portrait(bare), mean, deviation);
  const distances = samples.map((sample): FamilyDistance => {
    const bySpectrum = spectrum === null || sample.spectrum === null ? null : between(spectrum, sample.spectrum);
    const byFeatures = between(scaled, sample.features);
    const units = [...(bySpectrum === null ? [] : [bySpectrum / spectrumUnit]), byFeatures / featureUnit];
    const distance = units.reduce((sum, unit) => sum + unit, 0) / units.length;
    return { family: sample.family, distance, spectrum: bySpectrum, features: byFeatures, example: sample.text };
  });
  const best = new Map<GraphFamilyId, FamilyDistance>();
  for (const found of distances) {
    const before = best.get(found.family);
    if (before === undefined || found.distance < before.distance) best.set(found.family, found);
  }
  return [...best.values()].sort((a, b) => a.distance - b.distance);
}

interface Sample {
  readonly family: GraphFamilyId;
  readonly text: string;
  readonly spectrum: Float64Array | null;
  readonly features: Float64Array;
}

interface Reference {
  readonly samples: readonly Sample[];
  readonly spectrumUnit: number;
  readonly featureUnit: number;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

let kept: Reference | null = null;

function reference(): Reference {
  if (kept !== null) return kept;
  const raw = Object.values(graphFamilies).flatMap(({ id }) => Array.from({ length: SAMPLES }, (_, k) => drawn(id, k)));
  const size = raw[0].features.length;
  const mean = new Float64Array(size);
  const deviation = new Float64Array(size);
  for (const { features } of raw) for (let i = 0; i < size; i++) mean[i] += features[i] / raw.length;
  for (const { features } of raw) for (let i = 0; i < size; i++) deviation[i] += (features[i] - mean[i]) ** 2 / raw.length;
  for (let i = 0; i < size; i++) deviation[i] = Math.sqrt(deviation[i]) || 1;
  const samples = raw.map((sample) => ({ ...sample, features: standardised(sample.features, mean, deviation) }));
  const pairs = samples.flatMap((a, i) => samples.slice(0, i).flatMap((b) => (a.family === b.family ? [] : [[a, b] as const])));
  const spectrumUnit = median(pairs.flatMap(([a, b]) => (a.spectrum && b.spectrum ? [between(a.spectrum, b.spectrum)] : [])));
  kept = { samples, mean, deviation, spectrumUnit, featureUnit: median(pairs.map(([a, b]) => between(a.features, b.features))) };
  return kept;
}

function drawn(id: GraphFamilyId, k: number): Sample {
  const family = graphFamilies[id] as unknown as (typeof graphFamilies)['hiaml'];
  const config = family.sample(rng(SEED).fork(`${id} ${k}`));
  const graph = withoutFoldable(family.toCompute(config));
  return { family: id, text: family.format(config), spectrum: laplacianSpectrum(graph), features: portrait(graph) };
}

/** Numbers that do not grow with how often a cell is repeated, and a few that tell size. */
function portrait(graph: ComputeGraph): Float64Array {
  // Paths over sets of operations are not asked for: with an empty vocabulary there is one set.
  const table = computeFeatures([graph], { vocabulary: [] });
  const value = (name: string): number => table.values[table.columns.findIndex((column) => column.name === `compute_${name}`)][0];
  const nodes = value('nodes');
  const counts = new Map<string, number>();
  for (const { op } of graph.nodes) counts.set(operationName(op), (counts.get(operationName(op)) ?? 0) + 1);
  return Float64Array.from([
    ...OPERATIONS.map((op) => (counts.get(op) ?? 0) / nodes),
    ...['joins', 'forks', 'log10_macs', 'log10_params', 'log10_activations'].map(value),
    Math.log10(nodes),
    Math.log10(value('depth') + 1),
    value('longest_path') / nodes,
  ]);
}

/** The graph without batch norms and identities, which change no shape. */
function withoutFoldable(graph: ComputeGraph): ComputeGraph {
  const place: number[] = [];
  const nodes: ComputeNode[] = [];
  graph.nodes.forEach((node, i) => {
    const gone = (node.op.type === 'batchnorm' || node.op.type === 'identity') && node.inputs.length === 1 && node.reads === null;
    if (gone) place[i] = place[node.inputs[0]];
    else place[i] = nodes.push({ ...node, inputs: node.inputs.map((from) => place[from]) }) - 1;
  });
  return { ...graph, nodes };
}

function standardised(features: Float64Array, mean: Float64Array, deviation: Float64Array): Float64Array {
  return features.map((value, i) => (value - mean[i]) / deviation[i]);
}

/** Euclidean, over the places that both have. */
function between(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] || 1;
}
