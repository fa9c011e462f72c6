/** Fifteen rows with ties on both sides, and what scipy 1.17.1, scikit-learn 1.9.1 and numpy 2.4.6 say of them. */
export const few = {
  predicted: [3.5, 1.25, 4, 4, 2.75, 8, 8, 8, -1.5, 0, 6.5, 7, 2.75, 9.25, 5],
  truth: [61.2, 58.4, 70.1, 66.6, 58.4, 88.25, 85, 85, 10, 10, 79.9, 70.1, 64, 83.5, 71.3],
  says: {
    tau: 0.8457816116784908,
    spearman: 0.9495510909047343,
    pearson: 0.8940179058445382,
    mae: 59.54999999999999,
    rmse: 63.00269967760641,
    r2: -6.314555333991677,
    ndcg10: 0.9886605577536283,
    ndcg3: 0.9783845471045521,
    tauTopHalf: 0.5491251783869153,
    tauTop40: 0.46291004988627577,
  },
};

/** 2,000 rows of a linear congruential series, 40 and about 120 distinct values; the same libraries' numbers. */
export function many(): { readonly predicted: Float64Array; readonly truth: Float64Array } {
  const predicted = new Float64Array(2000);
  const truth = new Float64Array(2000);
  let state = 12345n;
  const next = (): number => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state) / 2147483648;
  };
  for (let i = 0; i < 2000; i++) {
    const u = next();
    const v = next();
    predicted[i] = Math.floor(u * 40) / 8;
    truth[i] = Math.floor(20 * u + 12 * v) / 4;
  }
  return { predicted, truth };
}

export const manySays = {
  tau: 0.6752815212114778,
  spearman: 0.8585384546446684,
  pearson: 0.8518841380340698,
  mae: 1.4456875,
  rmse: 1.6848845472316494,
  r2: -0.029210783674797902,
  ndcg10: 0.8264906269712047,
  tau_top10: 0.5007469542940062,
};
