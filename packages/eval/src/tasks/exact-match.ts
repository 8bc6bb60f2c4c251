// Exact match of generated answers: generate until a stop string, take out the answer, spell it plainly, compare.
import type { EvaluatedModel, Measure } from '@ingot/contracts';
import { compileExtract, extractAnswer, NORMALISE, type Normalisation } from '@ingot/text';

export interface GenerateItem {
  readonly prompt: string;
  /** Any of these is right. */
  readonly targets: readonly string[];
  readonly until: readonly string[];
  /** A regular expression whose first group that matched (or the whole match) is the answer. */
  readonly extract?: string | undefined;
}

export interface ExactMatchOptions {
  /** The most new tokens; 256 unless said, as the harness. */
  readonly tokens?: number;
  readonly take?: 'first' | 'last';
  readonly normalise?: Normalisation;
  readonly signal?: AbortSignal | undefined;
}

/** `exact_match` of the items, each 1 or 0. Throws `bad-input` for a pattern that is none. */
export async function exactMatchMeasures(
  model: EvaluatedModel,
  items: readonly GenerateItem[],
  { tokens = 256, take = 'first', normalise = 'trim', signal }: ExactMatchOptions = {},
): Promise<Measure[]> {
  const patterns = items.map(({ extract }, i) =>
    extract === undefined ? undefined : compileExtract(extract, `Item ${i}`),
  );
  const said = await model.generateUntil(
    items.map(({ prompt, until }) => ({ prompt, until, tokens })),
    signal,
  );
  const spell = NORMALISE[normalise];
  return [
    {
      name: 'exact_match',
      better: 'higher',
      items: items.map(({ targets }, i) => {
        const pattern = patterns[i];
        const answer = pattern ? extractAnswer(said[i] ?? '', pattern, take) : said[i];
        return {
          value: answer !== undefined && targets.some((one) => spell(one) === spell(answer)) ? 1 : 0,
          weight: 1,
        };
      }),
    },
  ];
}
