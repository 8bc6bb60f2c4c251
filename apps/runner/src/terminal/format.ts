// Numbers, durations and bytes as people read them.

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** 1536 -> '1.5 KB' (decimal units, as stores and disks count). */
export const bytes = (count: number): string => {
  let value = count;
  let unit = 0;
  while (Math.abs(value) >= 999.5 && unit < SIZES.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${SIZES[unit]}`;
};

/** 1234567 -> '1.23M': four signs at most, for tables and tiles. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  for (const [limit, sign] of [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e4, 'K'],
  ] as const) {
    if (size >= limit) return `${(value / (sign === 'K' ? 1e3 : limit)).toPrecision(3)}${sign}`;
  }
  if (Number.isInteger(value)) return String(value);
  return size !== 0 && size < 1e-3 ? value.toExponential(1) : size >= 100 ? value.toFixed(0) : value.toPrecision(4);
};

/** Milliseconds -> '0.4 s', '42 s', '3 min 05 s', '2 h 07 min'. */
export const duration = (milliseconds: number): string => {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n: number) => String(n).padStart(2, '0');
  return whole < 3600
    ? `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
    : `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
};

/** FLOP counts -> '1.23 TFLOP'. */
export const flops = (count: number): string => {
  for (const [limit, sign] of [
    [1e15, 'P'],
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
  ] as const)
    if (count >= limit) return `${(count / limit).toPrecision(3)} ${sign}FLOP`;
  return `${count.toFixed(0)} FLOP`;
};
