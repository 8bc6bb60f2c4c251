// What the runner knows of metrics by name: their title, unit and the chart they are drawn in. Others get a chart of their own.

/** How one metric is shown. */
export interface MetricStyle {
  readonly title: string;
  /** Metrics of one chart share its axes. */
  readonly chart: string;
  readonly unit: string;
}

const KNOWN: Readonly<Record<string, MetricStyle>> = {
  loss: { title: 'train', chart: 'Loss', unit: 'nats per token' },
  trainLoss: { title: 'train (at evaluation)', chart: 'Loss', unit: 'nats per token' },
  validationLoss: { title: 'validation', chart: 'Loss', unit: 'nats per token' },
  bitsPerByte: { title: 'train', chart: 'Bits per byte', unit: 'bits per byte' },
  validationBitsPerByte: { title: 'validation', chart: 'Bits per byte', unit: 'bits per byte' },
  lr: { title: 'learning rate', chart: 'Learning rate', unit: 'per step' },
  gradientNorm: { title: 'gradient norm', chart: 'Gradient norm', unit: 'before clipping' },
  tokensPerSecond: { title: 'tokens per second', chart: 'Throughput', unit: 'tokens/s' },
  flopsUtilisation: { title: 'FLOP utilisation', chart: 'FLOP utilisation', unit: 'of the measured peak' },
  millisecondsPerStep: { title: 'step', chart: 'Time of a step', unit: 'ms' },
  etaSeconds: { title: 'time left', chart: 'Time left', unit: 's' },
  peakBytes: { title: 'peak memory', chart: 'Memory', unit: 'bytes' },
};

/** Metrics that only serve the live view. */
const WITHOUT_CHART = new Set(['etaSeconds', 'millisecondsPerStep']);

/** Whether the report draws it. */
export const isDrawn = (name: string): boolean => !WITHOUT_CHART.has(name);

/** 'gradientNorm' and 'gradient-norm' -> 'gradient norm'. */
const words = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();

/** 'gradient-norm', 'gradient_norm' and 'gradientNorm' are one name. */
const camel = (name: string): string => name.replace(/[-_ ](\w)/g, (_, letter: string) => letter.toUpperCase());

/** How a metric is shown, known or not. */
export const metricStyle = (name: string): MetricStyle =>
  KNOWN[camel(name)] ?? { title: words(name), chart: words(name).replace(/^./, (c) => c.toUpperCase()), unit: '' };
