// Multiple choice by log-likelihood, as lm-evaluation-harness: the choice whose continuation is likeliest, as it is (acc), by character (acc_norm), by byte (acc_bytes).
import type { EvaluatedModel, Measure } from '@ingot/contracts';

export interface ChoiceItem {
  readonly prompt: string;
  readonly choices: readonly string[];
  /** Index of the right one. */
  readonly answer: number;
}

/** Index of the largest; the first wins a tie. */
const best = (numbers: readonly number[]): number =>
  numbers.reduce((at, one, i) => (one > (numbers[at] ?? -Infinity) ? i : at), 0);

const LENGTHS = {
  acc: () => 1,
  acc_norm: (choice: string) => [...choice].length, // code points, as Python's len
  acc_bytes: (choice: string) => Buffer.byteLength(choice, 'utf8'),
} as const;

/** Which of the choices each measure takes, from their log-likelihoods; the delimiter before a choice does not count as its length. */
export const chosen = (
  logLikelihoods: readonly number[],
  choices: readonly string[],
): Record<keyof typeof LENGTHS, number> => {
  const by = (length: (choice: string) => number): number =>
    best(logLikelihoods.map((one, i) => one / length(choices[i] ?? '')));
  return { acc: by(LENGTHS.acc), acc_norm: by(LENGTHS.acc_norm), acc_bytes: by(LENGTHS.acc_bytes) };
};

/** `acc`, `acc_norm` and `acc_bytes` of the items, each item 1 or 0; all choices of all items are scored together. `delimiter` stands between prompt and choice. */
export async function multipleChoiceMeasures(
  model: EvaluatedModel,
  items: readonly ChoiceItem[],
  { delimiter = ' ', signal }: { readonly delimiter?: string; readonly signal?: AbortSignal | undefined } = {},
): Promise<Measure[]> {
  const requests = items.flatMap(({ prompt, choices }) =>
    choices.map((choice) => ({ context: prompt, continuation: delimiter + choice })),
  );
  const likelihoods = await model.logLikelihood(requests, signal);
  let at = 0;
  const taken = items.map(({ choices }) => {
    const own = likelihoods.slice(at, at + choices.length).map(({ logProbability }) => logProbability);
    at += choices.length;
    return chosen(own, choices);
  });
  return (['acc', 'acc_norm', 'acc_bytes'] as const).map((name) => ({
    name,
    better: 'higher',
    items: taken.map((choice, i) => ({ value: choice[name] === items[i]?.answer ? 1 : 0, weight: 1 })),
  }));
}
