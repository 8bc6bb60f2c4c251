// A curve in one line of text.

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The means of `width` equal parts of the values (fewer when there are fewer values): what a narrow line can show. */
export const buckets = (values: readonly number[], width: number): number[] => {
  const count = Math.min(width, values.length);
  return Array.from({ length: count }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count));
    return part.reduce((sum, v) => sum + v, 0) / part.length;
  });
};

/** '█▅▃▂▁': lowest to highest over the range of the finite values; a flat line lies low. */
export const sparkline = (values: readonly number[], width: number): string => {
  const shown = buckets(values.filter(Number.isFinite), width);
  if (shown.length === 0) return '';
  const low = Math.min(...shown);
  const range = Math.max(...shown) - low;
  return shown.map((v) => BLOCKS[range === 0 ? 0 : Math.round(((v - low) / range) * (BLOCKS.length - 1))]).join('');
};

/** A bar of `width` cells filled to `fraction` (0 … 1) in eighths of a cell. */
export const bar = (fraction: number, width: number): string => {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8);
  const whole = Math.floor(eighths / 8);
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return `${'█'.repeat(whole)}${rest}${' '.repeat(width - whole - (rest ? 1 : 0))}`;
};
