// What a model answers to questions that have one right answer: exact matches, and how many are spelt like an answer at all.
import { loadModel, generateAll } from '@ingot/decoding';
import { wilsonInterval } from '@ingot/eval';
import { exactMatchReward } from '@ingot/feedback';
import { greedy } from '@ingot/sampling';
import { chatEncoder, encodePrompt } from '@ingot/text';

const right = exactMatchReward({ take: 'last', normalise: 'exact' });
const SEED = 7;

const shareOf = (flags) => {
  const count = flags.filter(Boolean).length;
  return { count, of: flags.length, share: count / flags.length, interval: wilsonInterval(count, flags.length) };
};

/** Of one answer to each question, by the likeliest token and drawn at temperature 1: the share that is right, and that is of the `form` and ended by itself. */
export const examine = async (services, value, questions, { tokens, form }) => {
  const model = await loadModel({ ...services, model: value });
  try {
    const encoder = chatEncoder({ tokenizer: model.design.tokenizer });
    const said = (samplers) =>
      generateAll(model, {
        prompts: questions.map(({ prompt }) => [...encodePrompt(encoder, prompt)]),
        tokens,
        samplers,
        seed: SEED,
        batch: 256,
        endOfText: encoder.endOfTurn,
        logProbabilities: false,
        bytes: (id) => encoder.tokenizer.bytes(id),
      }).map(({ prompt, text, ended }) => ({ ...questions[prompt], text, ended: ended === 'end-of-text' }));
    const measured = (answers) => ({
      exact: shareOf(answers.map((answer) => answer.ended && right(answer) === 1)),
      form: shareOf(answers.map(({ text, ended }) => ended && form.test(text))),
    });
    return { greedy: measured(said([greedy])), drawn: measured(said([])) };
  } finally {
    model.dispose();
  }
};
