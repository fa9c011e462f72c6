/** Zero-cost proxies as this package's engine measures them (`src/micro/proxies`), on any network and for MicroBench's own. */
export type ZeroCostProxy =
  | 'params'
  | 'flops'
  | 'l2_norm'
  | 'grad_norm'
  | 'plain'
  | 'snip'
  | 'grasp'
  | 'fisher'
  | 'synflow'
  | 'jacov'
  | 'epe_nas'
  | 'nwot'
  | 'zen'
  | 'expressivity'
  | 'progressivity'
  | 'trainability'
  | 'complexity'
  | 'zico'
  | 'swap';

/** What each proxy says, and its unit. */
export const PROXIES: Readonly<Record<ZeroCostProxy, readonly [says: string, unit: string]>> = {
  params: ['learned numbers', 'M'],
  flops: ['operations of one forward pass, as NAS-Bench-Suite-Zero counts them', 'M'],
  l2_norm: ['norms of the weights, summed over the layers', ''],
  grad_norm: ["norms of the loss's gradients, summed over the layers", ''],
  plain: ['weights times gradients, summed', ''],
  snip: ['|weights times gradients|, summed', ''],
  grasp: ['how much less gradient would flow without each weight, summed', ''],
  fisher: ['Fisher information of the activations, weighted by the inputs of each channel', ''],
  synflow: ['flow of ones through the weights without signs', 'ln'],
  jacov: ['how unlike the input gradients of different pictures are', ''],
  epe_nas: ['how alike the input gradients are within classes', ''],
  nwot: ['how unlike the ReLU patterns of different pictures are', 'ln'],
  zen: ['how far a small change of the input carries', 'ln'],
  expressivity: ["entropy of the blocks' features, summed", 'nats'],
  progressivity: ['least growth of that entropy from block to block', 'nats'],
  trainability: ['how near each block is to keeping the size of gradients', ''],
  complexity: ['multiply-accumulates of one forward pass', 'M'],
  zico: ['how steady the gradients of different batches are', 'ln'],
  swap: ['different patterns of ReLUs over the pictures', ''],
};

/** In order: the thirteen of NAS-Bench-Suite-Zero, AZ-NAS's four, ZiCo, SWAP. */
export const ZERO_COST_PROXIES: readonly ZeroCostProxy[] = Object.keys(PROXIES) as ZeroCostProxy[];
