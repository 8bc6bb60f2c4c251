// What an alignment stage must do with real numbers: learn a planted preference, refuse feedback that teaches nothing or the opposite.
import { loadParameters, type FamilyValue, type FeedbackRow, type ModelValue, type RowsValue } from '@ingot/contracts';
import { noGrad, plainWeights, referenceDevice, scope, tensor } from '@ingot/tensor';
import { loadTokenizer } from '@ingot/text';
import { expect } from 'vitest';
import type { Check } from './check.js';

/** What the learning checks need beside the stage: a real model. */
export interface LearningCase {
  /** The family of the case's model. Its tokenizer spells the letters a to d and a space. */
  readonly family: FamilyValue;
  /** Options with which some hundred tokens are learnt in a moment: more steps, a higher rate. */
  readonly how?: Readonly<Record<string, unknown>>;
}

const prompts = ['c ', 'd ', 'cc ', 'cd ', 'dc ', 'dd ', 'ccd ', 'dcd '];
/** Answers of the same lengths: with the letter 'a' they are chosen, with 'b' rejected. */
export const letterPairs = (change: (row: FeedbackRow) => FeedbackRow = (row) => row): RowsValue<FeedbackRow> => ({
  rows: prompts.length,
  async *read() {
    for (const [i, prompt] of prompts.entries()) {
      const end = 'cd'.repeat(i % 3);
      yield change({
        prompt,
        completions: [
          { text: `a${end}`, rank: 0, score: 1 },
          { text: `b${end}`, rank: 1, score: 0 },
        ],
      });
    }
  },
});

/** Mean over the prompts of log p(a) − log p(b) as the next token, in nats. */
async function preference(model: ModelValue, family: FamilyValue): Promise<number> {
  const { design } = model;
  const tokenizer = loadTokenizer(design.tokenizer);
  const device = referenceDevice();
  const tree = await loadParameters(device, family, model);
  try {
    const gaps = prompts.map((prompt) =>
      scope(() =>
        noGrad(() => {
          const ids = tokenizer.encode(prompt);
          const weights = plainWeights(tree);
          const hidden = family.forward(design, weights, tensor(device, ids, [1, ids.length], 'i32')); // (1, T, C)
          const lossOf = (letter: string): number => {
            const targets = Int32Array.from(ids, (_, t) => (t === ids.length - 1 ? tokenizer.encode(letter)[0]! : -1));
            const flat = hidden.reshape([ids.length, hidden.shape.at(-1)!]);
            const losses = weights.crossEntropy(
              family.head(design),
              flat,
              tensor(device, targets, [ids.length], 'i32'),
            );
            return losses.read().at(-1)!;
          };
          return lossOf('b') - lossOf('a');
        }),
      ),
    );
    return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  } finally {
    tree.dispose();
  }
}

const twoTexts = (
  row: FeedbackRow,
  change: (completion: FeedbackRow['completions'][number], i: number) => FeedbackRow['completions'][number],
): FeedbackRow => ({ ...row, completions: row.completions.map(change) });
const faults: Readonly<Record<string, { readonly change: (row: FeedbackRow) => FeedbackRow; readonly says: RegExp }>> =
  {
    'an empty completion': {
      change: (row) => twoTexts(row, (one, i) => (i === 0 ? { ...one, text: '' } : one)),
      says: /empty/iu,
    },
    'the same text chosen and rejected': {
      change: (row) => twoTexts(row, (one) => ({ ...one, text: 'cd', score: 0 })),
      says: /same|identical/iu,
    },
    'columns that the scores contradict': {
      change: (row) => twoTexts(row, (one, i) => ({ ...one, score: i })),
      says: /swapped/iu,
    },
  };

/** The least rise of log p(a) − log p(b), in nats: far above fp32 and what a step without direction does. */
const RISE = 0.1;

/** The learning checks; `align` runs the stage on the feedback, with `how` over the case's options. */
export const learningChecks = (
  { family, how = {} }: LearningCase,
  model: () => ModelValue,
  align: (feedback: RowsValue<FeedbackRow>, how?: Readonly<Record<string, unknown>>) => Promise<ModelValue>,
): readonly Check[] => [
  {
    name: 'it learns: pairs that prefer one letter make it likelier than the other',
    run: async () => {
      const before = await preference(model(), family);
      expect((await preference(await align(letterPairs(), how), family)) - before).toBeGreaterThan(RISE);
    },
  },
  ...Object.entries(faults).map(([what, { change, says }]): Check => ({
    name: `refused: ${what}`,
    run: async () =>
      expect(align(letterPairs(change))).rejects.toMatchObject({
        code: 'bad-input',
        message: expect.stringMatching(says),
      }),
  })),
];
