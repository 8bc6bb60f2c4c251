// Bytes that this process held at its peak: ask for `idle` after the imports and before any work.

/** Resident bytes now. */
export const resident = () => process.memoryUsage().rss;

/** Peak resident bytes of the whole process, and what of it lies above an idle one. */
export const peaks = (idle) => {
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { peakBytes, aboveIdleBytes: peakBytes - idle };
};
