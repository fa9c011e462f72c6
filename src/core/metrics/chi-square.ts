/**
 * P(X > `x`) of a chi-square variable with `df` degrees of freedom.
 * @param x at least 0.
 * @param df a whole number from 1.
 * @returns a probability, to 12 digits and more.
 * @see DLMF 8.11.4 (series) and 8.9.2 (continued fraction) for the incomplete gamma function; equal to `scipy.stats.chi2.sf`.
 */
export function chiSquareTail(x: number, df: number): number {
  if (x <= 0) return 1;
  const [a, z] = [df / 2, x / 2];
  // e^(-z) z^a / Gamma(a + 1) for halves of whole numbers: the product from Gamma(1) = 1 or Gamma(1/2) = sqrt(pi).
  let logScale = -z + a * Math.log(z);
  for (let k = a; k > 0.75; k--) logScale -= Math.log(k);
  if (df % 2 === 1) logScale -= Math.log(Math.PI) / 2 + Math.log(0.5);
  return z < a + 1 ? 1 - Math.exp(logScale) * series(a, z) : Math.exp(logScale + Math.log(a)) * fraction(a, z);
}

/** 1 + z/(a+1) + z²/((a+1)(a+2)) + … */
function series(a: number, z: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= z / (a + k);
    sum += term;
  }
  return sum;
}

/** Lentz's method for Gamma(a, z) e^z z^(-a). */
function fraction(a: number, z: number): number {
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k < 10_000; k++) {
    const step = -k * (k - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return value;
}
