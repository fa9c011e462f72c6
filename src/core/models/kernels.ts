/** A covariance as a function of distance over length scale; 1 at distance 0. */
export interface Kernel {
  value(distance: number): number;
  /** Its derivative by the distance. */
  slope(distance: number): number;
}

const ROOT5 = Math.sqrt(5);

/** Matérn with ν = 5/2. @see Rasmussen and Williams 2006, equation 4.17. */
const matern52: Kernel = {
  value: (d) => (1 + ROOT5 * d + (5 / 3) * d * d) * Math.exp(-ROOT5 * d),
  slope: (d) => -(5 / 3) * d * (1 + ROOT5 * d) * Math.exp(-ROOT5 * d),
};

/** Squared exponential. @see Rasmussen and Williams 2006, equation 4.9. */
const rbf: Kernel = {
  value: (d) => Math.exp(-0.5 * d * d),
  slope: (d) => -d * Math.exp(-0.5 * d * d),
};

export const kernels: { readonly matern52: Kernel; readonly rbf: Kernel } = { matern52, rbf };
export type KernelId = keyof typeof kernels;
