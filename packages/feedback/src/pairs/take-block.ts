// One block of prompts: its samples are scored, ranked and counted.
import type { FeedbackRow, PromptValue } from '@ingot/contracts';
import type { Generated } from '@ingot/decoding';
import { addToBias, type Measured } from './length-bias.js';
import { ranked, rowOf, type RankHow } from './rank.js';
import type { Ranker, Scores } from './rankers.js';
import { addSample, type Tally } from './tally.js';

/** A prompt with its samples; undefined when it did not fit. */
export interface Sampled {
  readonly prompt: PromptValue;
  /** Right answers that its row gives, for rewards that compare with them. */
  readonly references?: readonly string[];
  readonly samples: readonly Generated[] | undefined;
}

/** Samples with text, each text once: a tie of a text with itself tells nothing. */
const different = (samples: readonly Generated[]): readonly Generated[] =>
  samples.filter(({ text }, at) => text.trim() !== '' && samples.findIndex((other) => other.text === text) === at);

function scored(samples: readonly Generated[], scores: Scores): Measured[] {
  const known: Measured[] = [];
  for (const [at, { text, ids }] of samples.entries()) {
    const score = scores[at];
    if (score !== undefined) known.push({ text, tokens: ids.length, score });
  }
  return known;
}

/** The row of one prompt's scored samples, if it has one; everything is added to the tally. */
function takePrompt(
  prompt: PromptValue,
  samples: readonly Measured[],
  tally: Tally,
  how: RankHow,
): FeedbackRow | undefined {
  for (const sample of samples) {
    addSample(tally.all, sample);
    tally.scoreSquares += sample.score ** 2;
  }
  addToBias(tally.bias, samples);
  if (samples.length < 2) {
    tally.dropped['no verdict']++;
    return undefined;
  }
  const sorted = ranked(samples);
  const row = rowOf(prompt, sorted, how);
  const [best, worst] = [sorted.at(0), sorted.at(-1)];
  if (!row || !best || !worst) {
    tally.dropped.tie++;
    return undefined;
  }
  addSample(tally.best, best);
  addSample(tally.worst, worst);
  if (best.text.length > worst.text.length) tally.bestLonger++;
  return row;
}

/** The rows of a block in the order of its prompts; prompts without a row are counted by why. Throws what the ranker throws. */
export async function takeBlock(
  block: readonly Sampled[],
  ranker: Ranker,
  tally: Tally,
  how: RankHow,
): Promise<FeedbackRow[]> {
  const groups: { prompt: PromptValue; references: readonly string[]; samples: readonly Generated[] }[] = [];
  for (const { prompt, references = [], samples } of block) {
    tally.prompts++;
    if (!samples) {
      tally.dropped['too long']++;
      continue;
    }
    tally.ended += samples.filter(({ ended }) => ended === 'end-of-text' || ended === 'stop').length;
    tally.empty += samples.filter(({ text }) => text.trim() === '').length;
    const kept = different(samples);
    if (kept.length < 2) tally.dropped['no two different']++;
    else groups.push({ prompt, references, samples: kept });
  }
  const scores = await ranker.score(
    groups.map(({ prompt, references, samples }) => ({
      prompt,
      texts: samples.map(({ text }) => text),
      ...(references.length > 0 && { references }),
    })),
  );
  const rows: FeedbackRow[] = [];
  for (const [at, { prompt, samples }] of groups.entries()) {
    const row = takePrompt(prompt, scored(samples, scores[at] ?? []), tally, how);
    if (row) rows.push(row);
  }
  return rows;
}
