// The stage `judge-pairs`: pairs are ranked anew by a judge, and how that agrees with the given ranks is told. Lee et al. 2023 (RLAIF), section 3.1 and 4.1.
import { Judge, Model, openJudge, Pairs, Report, RewardModel, type FeedbackRow } from '@ingot/contracts';
import { defineStage, IngotError, metric, one, optional, table, warning } from '@ingot/core';
import * as z from 'zod';
import { sideOf } from '../agreement/swap-consistency.js';
import { count, freshCounts, refuseMissing } from '../judges/missing.js';
import { askOptions } from '../judges/options.js';
import { judgeSwapped } from '../judges/swapped.js';
import { blocksOf, openRowLog } from '../pairs/row-log.js';
import { agreementReport, type Verdicts } from './agreement-report.js';

const WHERE = "Stage 'judge-pairs'";

/** The best and the worst of a row by its order. */
function endsOf({ completions }: FeedbackRow, place: number): readonly [best: string, worst: string] {
  const [best, worst] = [completions.at(0), completions.at(-1)];
  if (completions.length < 2 || !best || !worst)
    throw new IngotError(
      'bad-input',
      `${WHERE}, row ${place} of the feedback: wanted two completions, got ${completions.length}.`,
    );
  return [best.text, worst.text];
}

/** The row as judged: scores are probabilities of being the better one, the margin their difference. */
const judgedRow = (prompt: FeedbackRow['prompt'], best: string, worst: string, p: number): FeedbackRow => {
  const [first, second] = p >= 0.5 ? [best, worst] : [worst, best];
  const high = Math.max(p, 1 - p);
  return {
    prompt,
    completions: [
      { text: first, label: true, rank: 0, score: high },
      { text: second, label: false, rank: 1, score: 1 - high },
    ],
    margin: 2 * high - 1,
  };
};

/** Ranks the first and the last completion of each row anew, asking in both orders; ties, small margins and pairs without a verdict leave. */
export const judgePairsStage = defineStage({
  name: 'judge-pairs',
  version: 1,
  inputs: { feedback: Pairs, judge: optional(Model), reward: optional(RewardModel) },
  outputs: { feedback: Pairs, report: Report },
  computes: true,
  options: z.strictObject({
    judge: one(Judge).describe('What decides.'),
    margin: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('Pairs whose probabilities differ by less are dropped; ties always.'),
    ...askOptions,
  }),
  view: z.strictObject({
    saveEvery: z.int().positive().default(16).describe('Rows between two checkpoints, at least.'),
  }),
  async *run({ inputs, options, view, signal, checkpoint }) {
    const verdicts: Verdicts = { same: 0, reverse: 0, tie: 0, probability: 0 };
    const log = await openRowLog(checkpoint, { verdicts, counts: freshCounts() });
    const { state } = log;
    const judge = await openJudge(options.judge, {
      ...(inputs.judge ? { model: inputs.judge } : {}),
      ...(inputs.reward ? { reward: inputs.reward } : {}),
      signal,
    });
    const { timeoutMs, retries, maxMissing, margin } = options;
    try {
      for await (const block of blocksOf(inputs.feedback, view.saveEvery, log.done)) {
        const rows: FeedbackRow[] = [];
        for (const { place, row } of block) {
          const [first, second] = endsOf(row, place);
          const verdict = await judgeSwapped(
            judge.ask,
            { prompt: row.prompt, first, second },
            { signal, timeoutMs, retries },
          );
          count(state.counts, verdict);
          refuseMissing(state.counts, maxMissing, WHERE, false);
          if ('missing' in verdict) continue;
          const { probability: p } = verdict;
          const side = sideOf(p);
          state.verdicts[side > 0 ? 'same' : side < 0 ? 'reverse' : 'tie']++;
          state.verdicts.probability += p;
          const judged = judgedRow(row.prompt, first, second, p);
          if (side !== 0 && (judged.margin ?? 0) >= margin) rows.push(judged);
        }
        log.add(rows, block.length);
        yield metric(log.done, { pairs: log.rows, missing: state.counts.missing }, inputs.feedback.rows);
        await log.saveWhenDue(view.saveEvery);
      }
    } finally {
      judge.dispose();
    }
    refuseMissing(state.counts, maxMissing, WHERE, true);
    const report = agreementReport(state.verdicts, state.counts);
    yield table(
      report.title,
      report.rows.map(({ name, values }) => ({ measure: name, ...values })),
    );
    if (log.rows === 0)
      yield warning(
        `The judge told no pair of ${inputs.feedback.rows} apart (${state.verdicts.tie} ties): it may look at positions alone. Take another judge, or a lower margin.`,
      );
    return { feedback: log.value(), report };
  },
});
