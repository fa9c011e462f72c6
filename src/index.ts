/**
 * nascope's table of contents. Heavy rooms (danfo, arquero, tensors, the kernel) load at first use.
 */

import { countHistogramsWith } from './core/base/histogram-room.js';
import type { WorkOptions } from './core/base/progress.js';
import type { FeatureTable } from './core/base/table.js';
import type { Importance } from './core/explain/importance.js';
import { type PermutationOptions, permutationImportance as permuteColumns } from './core/explain/permutation.js';
import { treeShap as explainTrees, type ShapValues } from './core/explain/treeshap.js';
import { type FittedForest, type ForestOptions, randomForest as forest } from './core/models/forest.js';
import { trainMlpsWith } from './core/models/mlp-trainer.js';
import type { Fitted } from './core/models/predictor.js';
import {
  type ArchitecturePredictor,
  type ArchitecturePredictorOptions,
  fitArchitecturePredictor as fitPredictor,
} from './data/architecture-predictor.js';
import type { Benchmark } from './data/benchmark.js';
import type { CompareOptions } from './data/compare/settings.js';
import { type LoadOptions, load as loadBenchmark } from './data/load.js';
import type { BenchmarkId } from './data/registry.js';
import { useTslabSink } from './kernel/tslab-sink.js';
import { type RealTraining, type TrainForRealOptions, trainForReal as train } from './micro/train-for-real.js';
import { tfjsMlpTrainer } from './nn/mlp-trainer.js';
import { cellSignal } from './notebook/cell-signal.js';
import { type Comparison, compareOn } from './notebook/compare.js';
import { progressBar as bar } from './notebook/progress-bar.js';
import { numbersOf, type Series, type Tabular, type TabularPredictor, tableOf, withTables } from './notebook/tabular.js';
import { parallelEvaluator } from './parallel/evaluation.js';
import { parallelGrower } from './parallel/forest.js';
import { sharedPool } from './parallel/pool.js';
import { treeShapOnPool } from './parallel/shap.js';
import { type ReproduceOptions, type Reproduction, reproduce as reproduceTables } from './tables/index.js';
import { simdHistograms } from './wasm/histograms.js';

useTslabSink();
trainMlpsWith(tfjsMlpTrainer);
countHistogramsWith(simdHistograms);

// Randomness, rows, errors
export { ConvergenceError, DataError, LabError, ParseError, ShapeError, UnsupportedError } from './core/base/errors.js';
export type { Progress, WorkOptions } from './core/base/progress.js';
export { type Rng, rng } from './core/base/rng.js';
export { type Split, zcCombineSplit } from './core/base/split.js';
export { type Column, type ColumnValues, type FeatureTable, featureTable, joinColumns } from './core/base/table.js';
// Explanations
export type { Explained, Importance } from './core/explain/importance.js';
export type { PermutationOptions } from './core/explain/permutation.js';
export type { ShapValues } from './core/explain/treeshap.js';
export { type ComputeFeaturesOptions, computeFeatures } from './core/features/compute/compute-features.js';
// Features
export {
  type FamilyId,
  families,
  type LinearSelection,
  linearSelection,
  onehot,
  pathEncoding,
  weisfeilerLehman,
} from './core/features/index.js';
export { type Adjacency, predecessors, successors } from './core/ir/adjacency.js';
// Architectures
export type { CellGraph, CellStack, Edge, EdgeGraph, NodeGraph, SequenceGraph, Vocabulary } from './core/ir/cell-graph.js';
export { type CgJson, writeCg } from './core/ir/cg-json.js';
// Computation graphs: whole networks of atomic operations
export { readCg } from './core/ir/cg-json-read.js';
export { ComputeBuilder } from './core/ir/compute-builder.js';
export type { AtomicOp, ComputeGraph, ComputeNode, OpOf, TensorShape } from './core/ir/compute-graph.js';
export { type Cost, cost, type NodeCosts, nodeCosts } from './core/ir/cost.js';
export { type GraphStats, graphStats } from './core/ir/graph-stats.js';
export { historyRounds, type MergedGraph, mergeByHistory } from './core/ir/history.js';
export { type NodeFeatures, nodeFeatures } from './core/ir/node-features.js';
export { paths } from './core/ir/paths.js';
export { type Reach, reach } from './core/ir/reach.js';
export { type Device, devices, rooflineMs } from './core/ir/roofline.js';
export { inferShapes, type NodeShapes } from './core/ir/shapes.js';
export { laplacianSpectrum } from './core/ir/spectrum.js';
export { structureHash } from './core/ir/structure-hash.js';
export { type Direction, type MetricId, metrics, type Score, score } from './core/metrics/index.js';
export { kendallTau } from './core/metrics/kendall.js';
export { mae } from './core/metrics/mae.js';
export { ndcgAt } from './core/metrics/ndcg.js';
export { pearson } from './core/metrics/pearson.js';
export { precisionAt } from './core/metrics/precision.js';
export { r2 } from './core/metrics/r2.js';
export { type RankConsistency, rankConsistency } from './core/metrics/rank-consistency.js';
export { regretAt } from './core/metrics/regret.js';
export { rmse } from './core/metrics/rmse.js';
export { spearman } from './core/metrics/spearman.js';
export { tauTop } from './core/metrics/tau-top.js';
// Predictors and how well they do (`withTables` makes any of them take data frames; `randomForest` below does so by itself)
export { type BayesianLinearOptions, bayesianLinear, type FittedBayesianLinear } from './core/models/bayesian-linear.js';
export { type BoostingOptions, type FittedBoosting, gradientBoosting, tunedBoosting } from './core/models/boosting.js';
export { type DenoiseOptions, denoise } from './core/models/denoise.js';
export { type Evaluation, evaluate } from './core/models/evaluate.js';
export { type ExtraTreesOptions, extraTrees, type FittedExtraTrees } from './core/models/extra-trees.js';
export type { FittedForest, ForestOptions } from './core/models/forest.js';
export {
  type FittedGaussianProcess,
  type GaussianProcessOptions,
  gaussianProcess,
  weisfeilerLehmanProcess,
} from './core/models/gaussian-process.js';
export { type PredictorId, predictors } from './core/models/index.js';
export { loadModel } from './core/models/load.js';
export type { Member } from './core/models/members.js';
export { type FittedMlp, type MlpOptions, mlp } from './core/models/mlp.js';
export type { MlpLoss, MlpSettings } from './core/models/mlp-trainer.js';
export {
  type FittedNearestNeighbours,
  type NearestNeighboursOptions,
  nearestNeighbours,
} from './core/models/nearest-neighbours.js';
export { normalScores } from './core/models/normal-scores.js';
export { omni } from './core/models/omni.js';
export { onColumnScores, onTargetScores } from './core/models/on-scores.js';
export type { FitOptions, Fitted, ModelFile, Predictor } from './core/models/predictor.js';
export { type PretrainedMlpOptions, pretrainedMlp } from './core/models/pretrained-mlp.js';
export { rankAverage } from './core/models/rank-average.js';
export { logRanks, meanRanks } from './core/models/rank-votes.js';
export { type FittedRidge, type RidgeOptions, ridge } from './core/models/ridge.js';
export { type FittedStack, type StackOptions, stack } from './core/models/stack.js';
export type { TreeGrower } from './core/models/trees/grower.js';
export { sklearnGrower } from './core/models/trees/sklearn-grower.js';
// Search
export { type CascadeResult, type CascadeStage, cascade } from './core/search/cascade.js';
export { functionalClass, uniqueString } from './core/spaces/cell-function.js';
export { type CellSpaceParts, defineSpace } from './core/spaces/define-space.js';
export type { Family, FamilyConfig } from './core/spaces/families/family.js';
export { familyNamed, type GraphFamilyId, graphFamilies } from './core/spaces/families/index.js';
export { type SpaceId, space, spaceNamed, spaces } from './core/spaces/index.js';
// MicroBench: networks trained for real
export {
  drawMicro,
  type MicroFamily,
  type MicroFamilyId,
  type MicroSplit,
  microFamilies,
  microFamilyNamed,
  microSplit,
} from './core/spaces/micro/index.js';
export { type ArchId, isValid, type SearchSpace } from './core/spaces/space.js';
export { type ColumnAgreement, columnAgreement } from './data/column-agreement.js';
export { PROXIES } from './data/engine-proxies.js';
// Any network from a file
export { type GraphBenchmark, loadGraphs } from './data/graph-benchmark.js';
export { type ImportModelOptions, importModel } from './data/import/import-model.js';
export type { ImportedModel, ImportWarning, ImportWarningCode, ModelFormat, NamedShape } from './data/import/imported-model.js';
export type { InputShapes } from './data/import/input-shapes.js';
export { type FamilyDistance, nearestFamilies } from './data/import/nearest-family.js';
export { type PickleOptions, readPickle } from './data/import/pickle.js';
export { InertRecord, NumpyArray, PickleGlobal, type PickleValue, pickleField } from './data/import/pickle-value.js';
export { toOnnx } from './data/import/to-onnx.js';
export { readTorch, type TorchOptions } from './data/import/torch-file.js';
export type { TorchTensor } from './data/import/torch-tensor.js';
// Benchmarks
export {
  type Benchmark,
  type BenchmarkId,
  benchmark,
  benchmarks,
  type DataColumn,
  type FeatureSetId,
  featureSets,
  pull,
} from './data/index.js';
export { compileNetwork } from './micro/engine/compile.js';
export type { CompileOptions, Network, Parameter } from './micro/engine/network.js';
export { ENGINE_VERSION } from './micro/engine/version.js';
export { nasbench201Network } from './micro/nasbench201-network.js';
export { type ProxyOptions, type ProxyValue, type ProxyValues, proxies } from './micro/proxies/proxies.js';
export type { RealTraining, TrainedMetric, TrainForRealOptions } from './micro/train-for-real.js';
// Neural networks on tfjs
export { backend } from './nn/backend.js';
export type { Backend } from './nn/backend-id.js';
export { type KGnn, kGnn } from './nn/k-gnn.js';
export type { NamedTensor, NamedTensors } from './nn/named-tensors.js';
// Notebooks
export { type CardOptions, card } from './notebook/card/card.js';
export { describe, picture } from './notebook/cell-picture.js';
export { type ComputePictureOptions, computePicture, describeCompute } from './notebook/compute-picture.js';
export { type Figure, figure } from './notebook/figure.js';
export { showPlotlyLoader } from './notebook/figure-bundle.js';
export { beeswarm } from './notebook/figures/beeswarm.js';
export { dependence } from './notebook/figures/dependence.js';
export { embeddingScatter } from './notebook/figures/embedding-scatter.js';
export { importanceBars } from './notebook/figures/importance-bars.js';
export { importanceByFamily } from './notebook/figures/importance-by-family.js';
export { type LearningRow, learningCurves } from './notebook/figures/learning-curves.js';
export { paretoFront } from './notebook/figures/pareto-front.js';
export { predictedVsTrue } from './notebook/figures/predicted-vs-true.js';
export { type TauRow, tauBySize } from './notebook/figures/tau-by-size.js';
export { waterfall } from './notebook/figures/waterfall.js';
export { frame, table } from './notebook/frame.js';
export type { HtmlView } from './notebook/html-view.js';
export { type Panels, sideBySide } from './notebook/panels.js';
export { progressBar } from './notebook/progress-bar.js';
export { type Reading, readRow } from './notebook/read-row.js';
export { type SavedFile, type SaveOptions, save } from './notebook/save.js';
export { show } from './notebook/show.js';
export { features, split, take, withTables } from './notebook/tabular.js';
// Papers' tables
export {
  type CellReport,
  type Citable,
  cite,
  type PaperTable,
  paperTables,
  type ReproduceOptions,
  type Reproduction,
} from './tables/index.js';

// The same functions as in their rooms, stopped by an interrupt of the notebook, taking data frames wherever a table makes sense

/** A published benchmark; see `load` of the data room. In a notebook an interrupt of the cell stops it. */
export function load<K extends BenchmarkId>(id: K, options: LoadOptions = {}): ReturnType<typeof loadBenchmark<K>> {
  return loadBenchmark(id, { ...options, signal: options.signal ?? cellSignal() });
}

/**
 * A random forest that learns from feature tables or data frames, on all cores where that pays. Options are named after
 * scikit-learn's `RandomForestRegressor` in our spelling, with its defaults: `trees` 100, `maxFeatures` 1 (the share of
 * columns looked at), `minSamplesLeaf` 1, `minSamplesSplit` 2, `maxDepth` null, `bootstrap` true.
 */
export function randomForest(options: ForestOptions = {}): TabularPredictor<FittedForest> {
  return withTables(forest({ grower: parallelGrower(sharedPool()), ...options }));
}

/** Exact path-dependent TreeSHAP; see `treeShap` of the core. */
export function treeShap(model: object, x: FeatureTable | Tabular, options: WorkOptions = {}): ShapValues {
  return explainTrees(model, tableOf(x), { ...options, signal: options.signal ?? cellSignal() });
}

/** The same on all cores, yielding while it works: for many rows or large forests. See `treeShapOnPool` of the parallel room. */
export function treeShapAsync(model: object, x: FeatureTable | Tabular, options: WorkOptions = {}): Promise<ShapValues> {
  return treeShapOnPool(sharedPool(), model, tableOf(x), { ...options, signal: options.signal ?? cellSignal() });
}

/** How much worse a model predicts when a column is shuffled; see `permutationImportance` of the core. */
export function permutationImportance(
  model: Fitted,
  x: FeatureTable | Tabular,
  y: ArrayLike<number> | Series,
  options: PermutationOptions,
): Importance {
  return permuteColumns(model, tableOf(x), numbersOf(y), { ...options, signal: options.signal ?? cellSignal() });
}

/** Recipes (models × feature sets) held against each other on the same splits, on all cores; see `compareOn` of the notebook room. */
export function compare(bench: Benchmark, options: CompareOptions): Promise<Comparison> {
  const pool = sharedPool();
  const workers = { evaluate: parallelEvaluator(pool), jobs: pool.size };
  return compareOn(bench, { ...options, signal: options.signal ?? cellSignal() }, workers);
}

/**
 * One architecture of MicroBench trained as its table was, bit by bit, with a progress bar unless `onProgress` is given; see
 * `trainForReal` of the micro room.
 */
export async function trainForReal(arch: string, options: TrainForRealOptions = {}): Promise<RealTraining> {
  const progress = bar(`training ${options.task ?? 'cls'}`);
  try {
    return await train(arch, { onProgress: progress.update, ...options, signal: options.signal ?? cellSignal() });
  } finally {
    progress.end();
  }
}

/** Papers' tables beside computed numbers, on all cores; see `reproduce` of the tables room. */
export function reproduce(ids: readonly string[] = [], options: ReproduceOptions = {}): Promise<Reproduction> {
  const pool = sharedPool();
  return reproduceTables(ids, { evaluate: parallelEvaluator(pool), jobs: pool.size, ...options });
}

/**
 * A model of architectures rather than of tables, with intervals and a flag for networks unlike the known ones; see
 * `fitArchitecturePredictor` of the data room. In a notebook an interrupt of the cell stops it.
 */
export function fitArchitecturePredictor(
  bench: Benchmark,
  options: ArchitecturePredictorOptions,
): Promise<ArchitecturePredictor> {
  return fitPredictor(bench, { ...options, signal: options.signal ?? cellSignal() });
}

// What drives a model, and whether it was true
export type { AccumulatedEffects } from './core/explain/accumulated-effects.js';
export { type Edit, type EditOptions, type Edits, edits, editsOfAll } from './core/explain/edits.js';
export { type EditsHeld, editsHeld } from './core/explain/edits-held.js';
export { type ColumnGroups, familyGroups, groupImportance, groupShap, opGroups } from './core/explain/groups.js';
export type { InteractionStrengths, ShapInteractions } from './core/explain/interactions.js';
export type { DependenceOptions, PairDependence, PartialDependence } from './core/explain/partial-dependence.js';
export type { ProxyBias, ProxyBiasOptions } from './core/explain/proxy-bias.js';
export { type RankedImportances, rankImportances } from './core/explain/rank-importances.js';
// How sure a prediction is
export { cvIntervals } from './core/models/uncertainty/cv.js';
export { cvPlus } from './core/models/uncertainty/cv-plus.js';
export type { FittedIntervals, IntervalPredictor, Intervals } from './core/models/uncertainty/intervals.js';
export { fitNovelty, type Novelty } from './core/models/uncertainty/novelty.js';
export { normalisedConformal, splitConformal } from './core/models/uncertainty/split-conformal.js';
export {
  type ArchitecturePredictions,
  type ArchitecturePredictor,
  type ArchitecturePredictorOptions,
  architecturePredictorFromJSON,
  type IntervalMethod,
} from './data/architecture-predictor.js';
export type { CompareOptions } from './data/compare/settings.js';
export { fitNetworkPredictor, type NetworkPredictor, type NetworkPredictorOptions } from './data/network-predictor.js';
export type { Comparison } from './notebook/compare.js';
export { agreementMap } from './notebook/figures/agreement-map.js';
export { dependenceCurve } from './notebook/figures/dependence-curve.js';
export { dependenceSurface } from './notebook/figures/dependence-surface.js';
export { editPictures } from './notebook/figures/edits.js';
export { editsHeldBars } from './notebook/figures/edits-held.js';
export { interactionMap } from './notebook/figures/interactions.js';
export { predictionIntervals } from './notebook/figures/prediction-intervals.js';
export { proxyBiasMap } from './notebook/figures/proxy-bias.js';
export {
  accumulatedEffects,
  accumulatedEffectsPair,
  interactionStrengths,
  interventionalShap,
  partialDependence,
  partialDependencePair,
  proxyBiases,
  shapInteractions,
} from './notebook/tabular-explain.js';
