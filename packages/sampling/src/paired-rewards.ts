// What rewards make of several models' answers to the same prompts: means, and each model beside the one before it, in pairs.

/** One model's row; differences are against the model before it and undefined for the first. */
export interface RewardRow {
  readonly name: string;
  /** Mean over the prompts, and its standard error. */
  readonly reward: number;
  readonly error: number;
  readonly against?: {
    readonly name: string;
    readonly difference: number;
    /** 95% interval of the mean paired difference, by the normal distribution. */
    readonly low: number;
    readonly high: number;
    /** Shares of the prompts on which it scores higher, and lower. */
    readonly wins: number;
    readonly losses: number;
  };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
/** Standard error of a mean; 0 for one number. */
const errorOf = (numbers: readonly number[]): number => {
  const centre = mean(numbers);
  const squares = numbers.reduce((sum, x) => sum + (x - centre) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, numbers.length - 1) / numbers.length);
};
/** The 97.5% point of the standard normal distribution. */
const Z = 1.959964;

/** Rows of all models; `scores[m][i]` is what model m's answer to prompt i scored. */
export function rewardRows(names: readonly string[], scores: readonly (readonly number[])[]): RewardRow[] {
  return names.map((name, m) => {
    const own = scores[m] ?? [];
    const row = { name, reward: mean(own), error: errorOf(own) };
    const [before, other] = [scores[m - 1], names[m - 1]];
    if (!before || other === undefined) return row;
    const differences = own.map((score, i) => score - (before[i] ?? 0));
    const [difference, half] = [mean(differences), Z * errorOf(differences)];
    const share = (holds: (difference: number) => boolean): number => differences.filter(holds).length / own.length;
    return {
      ...row,
      against: {
        name: other,
        difference,
        low: difference - half,
        high: difference + half,
        wins: share((d) => d > 0),
        losses: share((d) => d < 0),
      },
    };
  });
}

const number = (value: number): string => value.toFixed(3);
const percent = (share: number): string => `${(100 * share).toFixed(0)}%`;
/** "aligned scores 0.516 more than sft (95% interval 0.290 to 0.742): higher on 27% of 128 prompts, lower on 12%." */
export const inWords = ({ name, against }: RewardRow, prompts: number): string | undefined => {
  if (!against) return undefined;
  const { difference, low, high, wins, losses } = against;
  const by = `${number(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'} than ${against.name}`;
  const said = low > 0 || high < 0 ? '' : ', which may be chance';
  return `${name} scores ${by} (95% interval of the difference ${number(low)} to ${number(high)}${said}): higher on ${percent(wins)} of ${prompts} prompts, lower on ${percent(losses)}.`;
};

/** A row as plain numbers of three digits after the point, for tables and reports. */
export const shownRow = ({ reward, error, against }: RewardRow): Record<string, number> => {
  const values = {
    reward,
    '±': error,
    ...(against && {
      difference: against.difference,
      low: against.low,
      high: against.high,
      wins: against.wins,
      losses: against.losses,
    }),
  };
  return Object.fromEntries(Object.entries(values).map(([what, value]) => [what, Number(value.toFixed(3))]));
};
