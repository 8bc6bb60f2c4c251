// Every fault that the issue names, planted, and found: the code, and the words that say what to do. Those that the compiler finds: tests/types/align-wrong.ts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExampleRow, FeedbackRow } from '@ingot/contracts';
import { gptFamily } from '@ingot/model-gpt';
import { chatFormats } from '@ingot/text';
import { randomFrom } from '@ingot/testing';
import { writeModelFolder } from '@ingot/training';
import { afterAll, expect, test } from 'vitest';
import { attempt, tinyModel, type Given, type StageOf } from './tuning-world.js';

const { chatml } = chatFormats;
const ask = (content: string, answer: string, weight?: number): ExampleRow => ({
  messages: [
    { role: 'user', content },
    { role: 'assistant', content: answer, ...(weight !== undefined && { weight }) },
  ],
});
const pair = (prompt: string, chosen: string, rejected: string, scores?: readonly [number, number]): FeedbackRow => ({
  prompt,
  completions: [
    { text: chosen, rank: 0, ...(scores && { score: scores[0] }) },
    { text: rejected, rank: 1, ...(scores && { score: scores[1] }) },
  ],
});
const prompts = [...'abcdefgh'];
const examples = prompts.map((letter) => ask(letter, `${letter}${letter} to sea`));
const pairs = prompts.map((letter) => pair(letter, `yes ${letter}`, `no ${letter}`));

const brief = { steps: 2, batch: 4 };
const sft: StageOf = {
  use: 'sft',
  from: { model: 'given.base', examples: 'given.examples' },
  how: { ...brief, samples: 0 },
};
const onPairs = (use: string, how: object = {}): StageOf => ({
  use,
  from: { model: 'given.chat', feedback: 'given.feedback' },
  how: { ...brief, ...how },
});
const dpo = onPairs('dpo', { watch: { samples: 0 } });
const kto = onPairs('kto', { watch: { samples: 0 } });
const rewardModel = onPairs('reward-model');
const judged = (judge: object): StageOf => ({
  use: 'judge-pairs',
  from: { feedback: 'given.feedback' },
  how: { judge, timeoutMs: 20, retries: 0 },
});

interface Fault {
  readonly stage: StageOf;
  readonly given: Given & Parameters<typeof attempt>[1];
  readonly code: string;
  readonly says: RegExp;
}
/** ChatML whose own marks leave the end of an answer out of what is learnt. */
const generation = chatml.template.replace(
  " + message['content'] + '<|im_end|>' + '\\n' }}",
  " }}{% generation %}{{ message['content'] }}{% endgeneration %}{{ '<|im_end|>' + '\\n' }}",
);
const swapped = pairs.map((row, i) => pair(row.prompt as string, `yes ${i % 3 ? 'a' : 'b'}`, 'no', [0, 1]));
const withRow = (row: FeedbackRow): Given => ({ feedback: [...pairs, row] });
const same = { feedback: prompts.map((letter) => pair(letter, 'same', 'same')) };

const faults: Readonly<Record<string, Fault>> = {
  'PAD = EOS: a chat format that ends answers with padding': {
    stage: sft,
    given: {
      examples,
      chat: { name: 'padded', endOfTurn: '<|pad|>', template: chatml.template.replaceAll('<|im_end|>', '<|pad|>') },
    },
    code: 'bad-input',
    says: /'padded' ends a turn with '<\|pad\|>', a padding token: whoever masks padding would never teach the model to stop\. Give the end of a turn a token of its own/,
  },
  'EOS never learnt: a template whose generation block leaves it out': {
    stage: sft,
    given: { examples, chat: { ...chatml, name: 'generation', template: generation } },
    code: 'bad-input',
    says: /8 examples \(0, 1, 2, …\) do not end with "<\|im_end\|>" as something to learn: the model would never stop\. Put the end of the turn inside of the \{% generation %\} block/,
  },
  'an empty response, sft': {
    stage: sft,
    given: { examples: [...examples, ask('q', ' ')] },
    code: 'bad-input',
    says: /1 rows cannot be learnt from \(8\)\. Row 8: .*is empty/,
  },
  'an empty response, dpo': {
    stage: dpo,
    given: withRow(pair('q', '', 'b')),
    code: 'bad-input',
    says: /row 8 \("q"\) has an empty completion 0\. Leave such rows out/,
  },
  'an empty response, kto': {
    stage: kto,
    given: withRow(pair('q', 'b', ' ')),
    code: 'bad-input',
    says: /row 8 \("q"\) has an empty completion 1/,
  },
  'an empty response, reward-model': {
    stage: rewardModel,
    given: withRow(pair('q', '', 'b')),
    code: 'bad-input',
    says: /row 8: its answer 0 is empty/,
  },
  'a batch whose tokens are all masked': {
    stage: sft,
    given: { examples: prompts.map((letter) => ask(letter, 'a', 0)) },
    code: 'bad-input',
    says: /8 rows cannot be learnt from.*All of its tokens are masked \(weight 0\)/,
  },
  'chosen and rejected are the same, dpo': {
    stage: dpo,
    given: same,
    code: 'bad-input',
    says: /found no pair to learn from in 8 rows: 8 have the same text on both sides/,
  },
  'chosen and rejected are the same, kto': {
    stage: kto,
    given: same,
    code: 'bad-input',
    says: /no labelled completion to learn from in 8 rows: 8 have the same text liked and disliked/,
  },
  'chosen and rejected are the same, reward-model': {
    stage: rewardModel,
    given: same,
    code: 'bad-input',
    says: /no pair to learn from in 8 rows: 8 pairs have the same text/,
  },
  ...Object.fromEntries(
    [dpo, kto, rewardModel].map((stage): [string, Fault] => [
      `swapped columns, ${stage.use}`,
      {
        stage,
        given: { feedback: swapped },
        code: 'bad-input',
        says: /8 of 8 .*Are the columns swapped\?/,
      },
    ]),
  ),
  ...Object.fromEntries(
    [dpo, kto].map((stage): [string, Fault] => [
      `a base model, ${stage.use}: does not plan`,
      {
        stage: { ...stage, from: { ...stage.from, model: 'given.base' } },
        given: { plan: true },
        code: 'bad-wiring',
        says: /input 'model', wants '@ingot\/contracts\/chat-model', got '@ingot\/contracts\/model' from 'given.base'/,
      },
    ]),
  ),
  'a reward model with another tokenizer: does not plan': {
    stage: { ...dpo, from: { ...dpo.from, reward: 'judge.reward' } },
    given: {
      plan: true,
      before: { judge: { use: 'reward-model', from: { model: 'other.chat', feedback: 'given.feedback' } } },
    },
    code: 'bad-wiring',
    says: /artifacts with different tokenizers/,
  },
  'a reward that is no number, watched': {
    stage: onPairs('dpo', { watch: { samples: 2, tokens: 3 }, rewards: [{ use: 'broken' }] }),
    given: { feedback: pairs },
    code: 'bad-numbers',
    says: /A reward gave NaN for answer 0 of 2.*mend the reward, or leave such answers out/,
  },
  'a reward that is no number, in making pairs': {
    stage: { use: 'label', from: { feedback: 'given.feedback' }, how: { reward: { use: 'broken' } } },
    given: { feedback: pairs },
    code: 'bad-numbers',
    says: /A reward gave NaN for answer 0 of/,
  },
  'a judge that does not answer in time': {
    stage: judged({ use: 'scripted', says: 'hangs' }),
    given: { feedback: pairs },
    code: 'bad-numbers',
    says: /the judge gave no verdict on 8 of 8 questions; .*Got: no answer within 20 ms.*give it more time \(timeoutMs\)/,
  },
  'a judge that answers nonsense': {
    stage: judged({ use: 'talks' }),
    given: { feedback: pairs },
    code: 'bad-numbers',
    says: /no verdict on 8 of 8 questions; .*The first one, I think\. in place of a probability from 0 to 1/,
  },
  'a judge whose number is none': {
    stage: judged({ use: 'scripted', says: 'nonsense' }),
    given: { feedback: pairs },
    code: 'bad-numbers',
    says: /NaN in place of a probability from 0 to 1.*Mend the judge/,
  },
};

test.each(Object.entries(faults))('%s', async (_, { stage, given, code, says }) => {
  const { error } = await attempt(stage, given);
  expect({ code: error?.code, message: error?.message.replaceAll('\n', ' ') }).toEqual({
    code,
    message: expect.stringMatching(says),
  });
});

test('without a fault each of these stages runs, and the plan with its own reward model holds', async () => {
  const sound = { examples, feedback: pairs };
  for (const stage of [sft, dpo, kto, rewardModel, judged({ use: 'scripted', says: 'longer' })])
    expect((await attempt(stage, sound)).error, stage.use).toBeUndefined();
  const own = { use: 'reward-model', from: { model: 'given.chat', feedback: 'given.feedback' } };
  const wired = { ...dpo, from: { ...dpo.from, reward: 'judge.reward' } };
  expect((await attempt(wired, { plan: true, before: { judge: own } })).error).toBeUndefined();
});

test('some identical pairs are left out, and said', async () => {
  for (const stage of [dpo, kto, rewardModel]) {
    const { error, warnings } = await attempt(stage, withRow(pair('q', 'same', 'same')));
    expect(error, stage.use).toBeUndefined();
    expect(warnings).toMatch(/1 (?:pairs|completions) have the same text/);
  }
});

test('a reward that is only length: the tripwire names it, with its remedies', async () => {
  // 30 held-out pairs or more: of fewer, the share that length could account for may be chance, and the wire keeps still.
  const random = randomFrom(3);
  const below = (n: number): number => Math.floor(random() * n);
  const word = (length: number): string => Array.from({ length }, () => 'abcde'[below(5)]!).join('');
  const longer = Array.from({ length: 130 }, () => {
    const short = 2 + below(4);
    return pair(word(5), word(short + 1 + below(12)), word(short));
  });
  const how = {
    steps: 45,
    batch: 8,
    heldOut: 0.3,
    evalEvery: 45,
    optimiser: { use: 'adamw', lr: 1e-2 },
    schedule: { use: 'constant' },
  };
  const { error, warnings } = await attempt(onPairs('reward-model', how), { feedback: longer });
  expect(error).toBeUndefined();
  expect(warnings).toMatch(
    /Tripwire 'length-bias'.*Length could account for most of the margins.*Try: .*pairs of equal length/,
  );
});

const folder = mkdtempSync(join(tmpdir(), 'ingot-planted-'));
afterAll(() => rmSync(folder, { recursive: true }));
test('PAD = EOS in a model folder: warned of, in a sentence that says what may follow', async () => {
  await writeModelFolder(folder, tinyModel(chatml), gptFamily);
  const stage: StageOf = { use: 'model-folder', how: { path: folder } };
  expect(await attempt(stage)).toMatchObject({ warnings: '' });
  const path = join(folder, 'tokenizer_config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, JSON.stringify({ ...config, pad_token: { content: '<|im_end|>' } }));
  const { error, warnings } = await attempt(stage);
  expect(error).toBeUndefined();
  expect(warnings).toMatch(
    /^PAD = EOS: .* pads with the token that ends an answer, "<\|im_end\|>".*look whether its answers end/,
  );
});
