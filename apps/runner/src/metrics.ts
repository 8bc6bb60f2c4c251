// What the runner knows of metrics, by the patterns of their names: title, unit and the chart they are drawn in. No stage is named here.

/** How one metric is shown. */
export interface MetricStyle {
  readonly title: string;
  /** Metrics of one chart share its axes. */
  readonly chart: string;
  readonly unit: string;
}
type Rule = readonly [pattern: RegExp, title: string, chart: string, unit: string];

/** The first that matches counts; `$1` in a title or chart is what the pattern caught, in words. */
const RULES = [
  [/^loss$/, 'train', 'Loss', 'nats per token'],
  [/^trainLoss$/, 'train (at evaluation)', 'Loss', 'nats per token'],
  [/^validationLoss$/, 'validation', 'Loss', 'nats per token'],
  [/^(?:loss|rewardModel)\/(.+)$/, '$1', 'Parts of the loss', 'nats'],
  [/^bitsPerByte$/, 'train', 'Bits per byte', 'bits per byte'],
  [/^validationBitsPerByte$/, 'validation', 'Bits per byte', 'bits per byte'],
  [/^rewards\/accuracies$|^accuracy$/, 'accuracy', 'Accuracy', 'share of pairs ranked right'],
  [/^lengthControlledAccuracy$/, 'accuracy beside length', 'Accuracy', 'share of pairs ranked right'],
  [/^rewards\/margins$|^margins?$/, 'margin', 'Margins', 'reward of the chosen above the rejected'],
  [/^rewards\/(.+)$/, '$1', 'Implicit rewards', 'β · nats an answer'],
  [/^logps\/(.+)$/, '$1', 'Log-probabilities', 'nats an answer'],
  [/^displacement$/, 'displacement', 'Likelihood displacement', 'nats per token, against the start'],
  [/^policy\/accuracy$/, 'the policy agrees with the reward', 'Accuracy', 'share of pairs ranked right'],
  [/^kl$/, 'KL', 'KL to the reference', 'nats an answer'],
  [/^klPerToken$/, 'KL per token', 'KL per token', 'nats per token'],
  [/^policy\/kl$/, 'KL in the loss', 'KL per token', 'nats per token'],
  [/^policy\/approximateKl$/, 'to the policy of the round', 'Step away from the answers', '½ E[Δ²], nats per token'],
  [/^beta$/, 'β', 'Weight of the KL', 'β'],
  [/^(?:sampleReward|reward)$/, 'reward', 'Reward', 'mean of the answers'],
  [/^gold$/, 'gold reward', 'Gold reward', 'mean of the answers, never learnt from'],
  [/^goldDrop$/, 'fall from its best', 'Fall of the gold reward', 'deviations, while the proxy rose'],
  [/^reward\/best$/, 'reward of the best', 'Reward', 'mean of the answers'],
  [/^reward\/(\d+)$/, 'reward $1', 'Reward by part', 'mean of the answers'],
  [/^reward\/deviation$/, 'deviation', 'Spread of the reward', 'standard deviation over answers'],
  [/^reward\/lengthCorrelation$/, 'correlation', 'Reward and length', "Pearson's r over answers"],
  [/^flatGroups$/, 'groups of one reward', 'Nothing to compare', 'share of groups'],
  [/^(least|mean|largest)Score$/, '$1', 'Scores of the reward model', ''],
  [/^(?:sampleLength|length)$/, 'length', 'Length of answers', 'tokens'],
  [/^lengthRatio$/, 'length', 'Length of answers beside the start', 'times'],
  [/^lengthShare$/, 'length', 'What length could account for', 'share of the margins'],
  [/^calibrationError$/, 'calibration error', 'Calibration error', 'expected, of the confidence'],
  [/^((?:distinct|repeated)-\d)$/, '$1', 'Variety of answers', 'share of n-grams'],
  [/^(ended|empty)$/, '$1', 'How answers end', 'share of answers'],
  [/^entropy$/, 'entropy', 'Entropy', 'nats per token'],
  [/^policy\/entropy$/, 'of the whole distribution', 'Entropy', 'nats per token'],
  [/^entropyRatio$/, 'entropy', 'Entropy beside the start', 'times'],
  [/^policy\/clip\/low$/, 'below', 'Clipped', 'share of ratios and values'],
  [/^policy\/clip\/high$/, 'above', 'Clipped', 'share of ratios and values'],
  [/^value\/clipped$/, 'values of the critic', 'Clipped', 'share of ratios and values'],
  [/^value\/explainedVariance$/, 'of the returns', 'Explained variance', '1 is a perfect critic, 0 a constant'],
  [/^value\/mean$/, 'value', 'Value of the critic', 'mean over tokens'],
  [/^mismatch$/, 'rollout and training', 'Mismatch of log-probabilities', 'largest, nats'],
  [/^task\/(.+)$/, '$1', 'Held-out tasks: $1', ''],
  [/^taskDrop$/, 'the task that fell most', 'Drop of held-out tasks', 'share of the value at the start'],
  [/^lr$/, 'learning rate', 'Learning rate', 'per step'],
  [/^gradientNorm$/, 'gradient norm', 'Gradient norm', 'before clipping'],
  [/^tokensPerSecond$/, 'tokens per second', 'Throughput', 'tokens/s'],
  [/^speed\/rolloutTokensPerSecond$/, 'tokens of answers per second', 'Throughput of rollouts', 'tokens/s'],
  [/^flopsUtilisation$/, 'FLOP utilisation', 'FLOP utilisation', 'of the measured peak'],
  [/^millisecondsPerStep$/, 'step', 'Time of a step', 'ms'],
  [/^etaSeconds$/, 'time left', 'Time left', 's'],
  [/^peakBytes$/, 'peak memory', 'Memory', 'bytes'],
] as const satisfies readonly Rule[];

/** Charts in the order in which they are read; others follow. */
const ORDER: readonly string[] = [
  'Loss',
  'Bits per byte',
  'Accuracy',
  'Margins',
  'Reward',
  'Gold reward',
  'KL to the reference',
  'Log-probabilities',
  'Likelihood displacement',
  'Implicit rewards',
  'KL per token',
  'Entropy',
  'Length of answers',
  'How answers end',
  'Variety of answers',
  'Held-out tasks',
  'Reward by part',
  'Spread of the reward',
  'Reward and length',
  'Nothing to compare',
  'Clipped',
  'Explained variance',
  'Learning rate',
  'Gradient norm',
  'Throughput',
  'Memory',
];
/** 'Held-out tasks: accuracy' is one of the 'Held-out tasks'. */
const family = (chart: string): string => chart.split(':')[0] ?? chart;
/** The place of a chart among the others of its stage. Where a reward is learnt the loss says least, and comes after what it was for. */
export const chartRank = (chart: string, online = false): number => {
  if (online && chart === 'Loss') return ORDER.indexOf('Learning rate') - 0.5;
  const at = ORDER.indexOf(family(chart));
  return at < 0 ? ORDER.length : at;
};

/** What the live view draws as a line, most telling first; each belongs to one idea, so of a chart one at most is shown. */
const WATCHED = [
  'Loss',
  'Accuracy',
  'Margins',
  'Reward',
  'KL to the reference',
  'Likelihood displacement',
  'Length of answers',
  'Entropy',
  'Held-out tasks',
];
/** The place of a metric among those of the live view; undefined for one that it does not draw. */
export const watchRank = (name: string): number | undefined => {
  const at = WATCHED.indexOf(family(metricStyle(name).chart));
  return at < 0 ? undefined : at;
};

/** Metrics that only serve the live view, or count what the others are means of. */
const WITHOUT_CHART = /^(?:etaSeconds|millisecondsPerStep|learntTokens|rows\/.+)$/;
const SIDES = { heldOut: 'held out', train: 'train' } as const satisfies Readonly<Record<string, string>>;

/** 'heldOut/rewards/margins' -> its side and 'rewards/margins'. */
const split = (name: string): { readonly side?: string; readonly inner: string } => {
  const [, side, inner] = /^(heldOut|train)\/(.+)$/.exec(name) ?? [];
  return inner === undefined ? { inner: name } : { side: SIDES[side as keyof typeof SIDES], inner };
};

/** Whether the report draws it. */
export const isDrawn = (name: string): boolean => !WITHOUT_CHART.test(split(name).inner);

/** 'gradientNorm' and 'gradient-norm' -> 'gradient norm'. */
const words = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
const sentence = (text: string): string => text.replace(/^./, (letter) => letter.toUpperCase());

/** 'gradient-norm', 'gradient_norm' and 'gradientNorm' are one name; 'distinct-2' stays. */
const camel = (name: string): string => name.replace(/[-_ ]([a-z])/g, (_, letter: string) => letter.toUpperCase());

const innerStyle = (inner: string): MetricStyle => {
  for (const [pattern, title, chart, unit] of RULES) {
    const [whole, caught] = pattern.exec(camel(inner)) ?? [];
    if (whole === undefined) continue;
    const fill = (text: string): string => text.replace('$1', (caught ?? '').replace(/([a-z])([A-Z])/g, '$1 $2'));
    return { title: fill(title), chart: fill(chart), unit };
  }
  const [group, ...rest] = inner.split('/');
  // Names of one group share a chart: 'clip/low' and 'clip/high'.
  return { title: words(rest.length > 0 ? rest.join(' ') : inner), chart: sentence(words(group ?? inner)), unit: '' };
};

/** How a metric is shown, known or not. A name that begins with heldOut/ or train/ joins the chart of the same name without it. */
export const metricStyle = (name: string): MetricStyle => {
  const { side, inner } = split(name);
  const style = innerStyle(inner);
  if (side === undefined) return style;
  return { ...style, title: style.title === 'train' ? side : `${style.title}, ${side}` };
};

/** Whether a stage with these metrics has a loss of rows (pairs, rankings, labels), not of tokens. */
export const losesByRow = (names: Iterable<string>): boolean =>
  [...names].some((name) => /^(?:rewards\/|heldOut\/|train\/(?:accuracy|margin)$)/.test(name));

/** Whether a stage with these metrics learns from the rewards of its own answers. */
export const learnsOnline = (names: Iterable<string>): boolean => {
  const all = new Set(names);
  return all.has('reward') && all.has('loss');
};
