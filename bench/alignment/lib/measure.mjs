// What one model answers to prompts, and what the answers are worth beside those of the SFT model to the same prompts with the same draws.
import { Device, Evaluator } from '@ingot/contracts';
import { Installed } from '@ingot/core';
import { degeneration, generateAll, loadModel } from '@ingot/decoding';
import { lengthControlledWinRate, pairedT, permutationTest, scoreText, winRate } from '@ingot/eval';
import { afinnScore } from '@ingot/feedback';
import { noGrad, scope } from '@ingot/tensor';
import { chatEncoder, encodePrompt } from '@ingot/text';
import { sequenceLogProbabilities } from '@ingot/training';

/** The most tokens of an answer; the pairs were sampled with the same. */
const TOKENS = 56;
/** distinct-2 falls with the amount of text, so that every model is read to the same word. */
const WORDS = 6000;
const SEED = 6;
const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** What measuring needs of an ingot. */
export const servicesOf = (ingot) => ingot.resolve({ device: Device, installed: Installed, evaluator: Evaluator });

const listOf = async (rows) => {
  const list = [];
  for await (const row of rows.read()) list.push(row);
  return list;
};
/** Prompts of feedback rows. */
export const promptsOf = async (rows) => (await listOf(rows)).map(({ prompt }) => prompt);
/** Documents of a text. */
export const documentsOf = listOf;

/** Σ log p of each sequence's answer. */
const sums = (model, sequences) => {
  const all = [];
  for (let first = 0; first < sequences.length; first += 32)
    noGrad(() =>
      scope(() => {
        const some = sequences.slice(first, first + 32);
        all.push(...sequenceLogProbabilities(model, some, { capacity: model.design.context }).sums.read());
      }),
    );
  return all;
};

const firstWords = (texts, words) => {
  const taken = [];
  let count = 0;
  for (const text of texts) {
    if (count >= words) break;
    taken.push(text);
    count += text.split(/\s+/).filter(Boolean).length;
  }
  return taken;
};

/** Answers of a model at temperature 1, one a prompt: text, reward, tokens, and log p of itself less log p of the `start` model (k1 of the KL). */
export const answersOf = async (services, value, start, prompts) => {
  const model = await loadModel({ ...services, model: value });
  const reference = start ? await loadModel({ ...services, model: start }) : undefined;
  try {
    const { tokenizer } = model.design;
    const encoder = chatEncoder({ tokenizer, ...(model.design.chat && { chat: model.design.chat }) });
    const asked = prompts.map((prompt) => [...encodePrompt(encoder, prompt)]);
    const made = generateAll(model, {
      prompts: asked,
      tokens: TOKENS,
      seed: SEED,
      batch: 64,
      endOfText: encoder.endOfTurn,
      logProbabilities: false,
      bytes: (id) => encoder.tokenizer.bytes(id),
    });
    const sequences = made.map(({ prompt, ids }) => ({
      ids: Int32Array.from([...asked[prompt], ...ids]),
      from: asked[prompt].length,
    }));
    const own = sums(model, sequences);
    const before = reference ? sums(reference, sequences) : own;
    return made.map(({ text, ids, ended }, i) => ({
      text,
      reward: afinnScore(text),
      tokens: ids.length,
      words: text.split(/\s+/).filter(Boolean).length,
      cut: ended === 'length',
      k1: own[i] - before[i],
    }));
  } finally {
    reference?.dispose();
    model.dispose();
  }
};

/** Bits per byte of documents. */
export const bitsPerByte = async ({ evaluator }, value, documents) => {
  const model = await evaluator.open(value);
  try {
    return (await scoreText(model, documents)).bitsPerByte;
  } finally {
    model.dispose();
  }
};

/** The numbers of answers; of those beside others also who wins. */
export const numbersOf = (answers, against) => {
  const of = (field) => answers.map((answer) => answer[field]);
  const numbers = {
    answers: answers.length,
    reward: mean(of('reward')),
    kl: mean(of('k1')),
    klPerToken: mean(of('k1')) / mean(of('tokens')),
    tokens: mean(of('tokens')),
    cut: mean(of('cut').map(Number)),
    distinct2: degeneration(firstWords(of('text'), WORDS)).distinct2,
  };
  if (!against) return numbers;
  const rewards = [of('reward'), against.map(({ reward }) => reward)];
  const outcomes = rewards[0].map((reward, i) => (Math.sign(reward - rewards[1][i]) + 1) / 2);
  const controlled = lengthControlledWinRate(
    outcomes,
    of('words'),
    against.map(({ words }) => words),
  );
  return {
    ...numbers,
    win: winRate(outcomes),
    controlled: { rate: controlled.rate, interval: controlled.interval },
    difference: pairedT(...rewards),
    permutation: permutationTest(rewards[0].map((reward, i) => reward - rewards[1][i])),
  };
};
