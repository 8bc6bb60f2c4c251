// Preference tuning written out over the public functions, with any layout of the sequences: what a stage does when all else is left away.
import { losses, type LossDefinition, type LossName } from '@ingot/align-dpo';
import { gptFamily } from '@ingot/model-gpt';
import {
  loadParameters,
  type BatchStatistics,
  type Completions,
  type LiveModel,
  type PreferenceBatch,
} from '@ingot/contracts';
import { backward, concat, noGrad, plainWeights, referenceDevice, scope, slice } from '@ingot/tensor';
import { chatEncoder, encodeCompletion } from '@ingot/text';
import { rowOrder, sequenceLogProbabilities, sgd, type RowsHow, type ScoredSequence } from '@ingot/training';
import { feedbackRows, statedModel, tokenizer, type Numbers } from './world.js';

/** How log-probabilities are had: all in one pass with a layout, or each in a pass of its own, where nothing can be padded. */
export type Layout = RowsHow | 'alone';

const encoder = chatEncoder({ tokenizer });
const given = feedbackRows(12).flatMap(({ prompt, completions }) =>
  completions.map(({ text }) => ({ prompt: prompt as string, text })),
);
const sequenceOf = ({ prompt, text }: (typeof given)[number]): ScoredSequence => {
  const { ids, promptLength } = encodeCompletion(encoder, prompt, text, { maxTokens: 24 });
  return { ids, from: promptLength };
};
/** Chosen and rejected in turn, row after row. */
const sequences = given.map(sequenceOf);
/** Each prompt with the next completion that belongs to another prompt. */
const mismatched = given.map(({ prompt }, at) => {
  const other = [...given.slice(at + 1), ...given.slice(0, at)].find((one) => one.prompt !== prompt)!;
  return sequenceOf({ prompt, text: other.text });
});

/** Sums of log-probabilities and lengths. */
function sumsOf(live: LiveModel, wanted: readonly ScoredSequence[], layout: Layout): Completions {
  if (layout !== 'alone') {
    const { sums, lengths } = sequenceLogProbabilities(live, wanted, layout);
    return { policy: sums, lengths };
  }
  const each = wanted.map((one) => sequenceLogProbabilities(live, [one]));
  return {
    policy: concat(
      each.map(({ sums }) => sums),
      0,
    ),
    lengths: each.map(({ lengths }) => lengths[0]!),
  };
}
const cut = ({ policy, reference, lengths }: Completions, first: number, count: number): Completions => ({
  policy: slice(policy, [first], [count]),
  lengths: Array.from(lengths).slice(first, first + count),
  ...(reference && { reference: slice(reference, [first], [count]) }),
});

/** Steps of plain SGD with one loss over the rows in the stage's order; the weights at the end. */
export async function tunedBy(
  name: LossName,
  layout: Layout,
  how: { readonly steps: number; readonly batch: number; readonly lr: number },
): Promise<Numbers> {
  const device = referenceDevice();
  const model = statedModel();
  const open = async () => {
    const tree = await loadParameters(device, gptFamily, model);
    return { tree, live: { device, family: gptFamily, design: model.design, weights: plainWeights(tree) } };
  };
  const [policy, reference] = [await open(), await open()];
  const loss: LossDefinition = losses[name];
  const labelled = loss.feedback === 'labels';
  const order = rowOrder(labelled ? 24 : 12, 5);
  const optimiser = sgd({ lr: how.lr }).start(policy.tree);
  const scored = (wanted: readonly ScoredSequence[]): Completions => ({
    ...sumsOf(policy.live, wanted, layout),
    reference: noGrad(() => sumsOf(reference.live, wanted, layout).policy),
  });
  let memory: BatchStatistics | undefined;
  for (let step = 0; step < how.steps; step++) {
    const rows = order(step * how.batch, how.batch);
    const chosen = labelled ? rows.filter((row) => row % 2 === 0) : rows.map((row) => 2 * row);
    const rejected = labelled ? rows.filter((row) => row % 2 === 1) : rows.map((row) => 2 * row + 1);
    policy.tree.zeroGradients();
    scope(() => {
      const all = scored([...chosen, ...rejected].map((place) => sequences[place]!));
      const batch = {
        ...(chosen.length > 0 && { chosen: cut(all, 0, chosen.length) }),
        ...(rejected.length > 0 && { rejected: cut(all, chosen.length, rejected.length) }),
        ...(labelled && { mismatched: noGrad(() => scored(rows.map((row) => mismatched[row]!))) }),
      } as PreferenceBatch;
      memory = loss.statistics?.(batch, {}, memory);
      const { sum, weight } = loss.loss(batch, {}, memory);
      backward(sum, 1 / weight);
    });
    optimiser.step(1, 1);
  }
  const numbers = Object.fromEntries(
    policy.tree.values().map((parameter) => [parameter.name, Float32Array.from(parameter.read())]),
  );
  for (const { tree } of [policy, reference]) tree.dispose();
  optimiser.dispose();
  return numbers;
}
