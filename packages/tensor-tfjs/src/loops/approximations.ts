// erf and tanh as rational functions, good to single precision: libm's cost several times more, and GELU calls one per element.

/** erf(x), at most 3e-7 from it. Coefficients of Eigen's `generic_fast_erf_float` (MPL-2.0), a minimax fit x·P(x²)/Q(x²) on [−4, 4]. */
export function erf(value: number): number {
  const x = value > 4 ? 4 : value < -4 ? -4 : value;
  const z = x * x;
  const p =
    (((((-2.72614225801306e-10 * z + 2.77068142495902e-8) * z - 2.10102402082508e-6) * z - 5.69250639462346e-5) * z -
      7.34990630326855e-4) *
      z -
      2.95459980854025e-3) *
      z -
    1.60960333262415e-2;
  const q =
    (((-1.45660718464996e-5 * z - 2.13374055278905e-4) * z - 1.68282697438203e-3) * z - 7.37332916720468e-3) * z -
    1.42647390514189e-2;
  return (x * p) / q;
}

/** tanh(x), at most 3e-7 from it. Coefficients of Eigen's `generic_fast_tanh_float` (MPL-2.0), a minimax fit x·P(x²)/Q(x²) on [−9, 9]. */
export function tanh(value: number): number {
  const x = value > 9 ? 9 : value < -9 ? -9 : value;
  const z = x * x;
  const p =
    (((((-2.76076847742355e-16 * z + 2.00018790482477e-13) * z - 8.60467152213735e-11) * z + 5.12229709037114e-8) * z +
      1.48572235717979e-5) *
      z +
      6.37261928875436e-4) *
      z +
    4.89352455891786e-3;
  const q = ((1.19825839466702e-6 * z + 1.18534705686654e-4) * z + 2.268434632439e-3) * z + 4.89352518554385e-3;
  return (x * p) / q;
}
