import { ParseError } from '../core/base/errors.js';
import { bibtexOf, type CitationId, citations } from './citations.js';
import type { PaperTable } from './paper-table.js';

/** What can be cited: a benchmark, a space, a predictor or fitted model, SHAP values, a table or reproduction, or an id. */
export type Citable =
  | string
  | PaperTable
  | { readonly kind: 'shap-values' }
  | { readonly id: string }
  | { readonly bibtex: string; readonly tables: readonly { readonly table: PaperTable }[] };

/** The works behind things that this package names by id: benchmarks, spaces, predictors. */
const WORKS: Readonly<Record<string, readonly CitationId[]>> = {
  nasbench101: ['nasbench101', 'suite-zero'],
  nasbench201: ['nasbench201', 'suite-zero', 'hw-nas-bench', 'robustness', 'arch2vec'],
  nasbench301: ['nasbench301', 'darts', 'suite-zero'],
  'transnas-micro': ['transnas', 'suite-zero'],
  'transnas-macro': ['transnas', 'suite-zero'],
  'nasbench-macro': ['nasbench-macro'],
  'nasbench-mr': ['nasbench-mr'],
  'suite-extra': ['suite-zero', 'nasbench201', 'nasbench301', 'transnas'],
  timm: ['timm'],
  microbench: ['nascope', 'nasbench201', 'nasbench101', 'mobilenetv2', 'gennape'],
  rf: ['random-forest'],
  'extra-trees': ['extra-trees'],
  gbdt: ['xgboost'],
  'gbdt-tuned': ['xgboost'],
  ridge: ['ridge'],
  blr: ['bayesian-linear'],
  knn: ['knn'],
  gp: ['gaussian-process'],
  'gp-wl': ['weisfeiler-lehman', 'nas-bowl', 'gaussian-process'],
  mlp: ['back-propagation'],
  wl: ['weisfeiler-lehman', 'nas-bowl'],
  omni: ['extra-trees', 'xgboost', 'gaussian-process'],
};

/** A space is no benchmark: nothing was measured on it. */
const SPACE_ONLY: Readonly<Record<string, readonly CitationId[]>> = {
  nasbench101: ['nasbench101'],
  nasbench201: ['nasbench201'],
  nasbench301: ['nasbench301', 'darts'],
  'transnas-micro': ['transnas'],
  'transnas-macro': ['transnas'],
};

/**
 * BibTeX of everything that a result stands on: `cite(bench, model, 'graf')`. Works named twice come once.
 * @throws ParseError for a thing whose works are not known, naming the ids that are.
 */
export function cite(...used: readonly Citable[]): string {
  return bibtexOf(used.flatMap(worksOf));
}

function worksOf(thing: Citable): readonly CitationId[] {
  if (typeof thing === 'string') return byId(thing);
  if ('tables' in thing) return thing.tables.flatMap(({ table }) => table.cites);
  if ('cites' in thing) return thing.cites;
  if ('kind' in thing && thing.kind === 'shap-values') return ['treeshap'];
  const { id } = thing as { readonly id: string };
  // Benchmarks carry their proxies' and targets' works, a space its own alone.
  const isSpace = 'toGraph' in thing;
  return (isSpace ? SPACE_ONLY[id] : undefined) ?? byId(id);
}

function byId(id: string): readonly CitationId[] {
  if (Object.hasOwn(citations, id) && !Object.hasOwn(WORKS, id)) return [id as CitationId];
  const works = Object.hasOwn(WORKS, id) ? WORKS[id] : undefined;
  if (works) return works;
  const known = [...new Set([...Object.keys(citations), ...Object.keys(WORKS)])].join(', ');
  throw new ParseError({ what: 'cite', text: id, at: 0, expected: `one of ${known}` });
}
