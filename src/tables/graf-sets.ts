/** The feature sets that the GRAF paper compares: its column heads, and the names that they have here. */
export const GRAF_SETS: Readonly<Record<string, string>> = {
  OH: 'onehot',
  GRAF: 'graf',
  'GRAF+OH': 'graf+onehot',
  ZCP: 'zcp',
  'ZCP+OH': 'zcp+onehot',
  'ZCP+GRAF': 'graf+zcp',
  'ZCP+GRAF+OH': 'graf+zcp+onehot',
};
