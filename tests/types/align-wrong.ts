// Wirings of the role Align with the real plugins that must not compile: each line below an expect-error is refused at the argument that is wrong.
import { ingot } from './align-right.js';

ingot.pipeline('wrong', (g) => {
  const { text } = g.add('text', {}, { path: 'a.txt' });
  const { tokenizer } = g.add('bpe', { text });
  const { tokens } = g.add('pack', { text, tokenizer });
  const { design } = g.add('gpt', { tokenizer }, { depth: 2 });
  const { model: base } = g.add('pretrain', { design, tokens });
  const { examples } = g.add('examples', {}, { path: 'chat.jsonl' });
  const { model } = g.add('sft', { model: base, examples });
  const { feedback } = g.add('preferences', {}, { path: 'pairs.jsonl' });
  const { feedback: labels } = g.add('labels', {}, { path: 'labels.jsonl' });
  const { prompts } = g.add('prompts', {}, { path: 'questions.jsonl' });
  const { reference } = g.add('reference-scores', { model, feedback });

  // the five
  // @ts-expect-error labels where pairs are wanted
  g.add('dpo', { model, feedback: labels });
  // @ts-expect-error a base model is not aligned
  g.add('dpo', { model: base, feedback });
  // @ts-expect-error a chat model where a reward model is wanted
  g.add('dpo', { model, feedback, reward: model });
  // @ts-expect-error pairs where conversations are wanted
  g.add('dpo', { model, feedback, mix: feedback });
  // @ts-expect-error another method's option
  g.add('dpo', { model, feedback }, { gamma: 0.5 });
  // @ts-expect-error a loss whose name is misspelt
  g.add('dpo', { model, feedback }, { loss: { use: 'sigmiod' } });

  // and more of their kind
  // @ts-expect-error prompts alone where labels are wanted
  g.add('kto', { model, feedback: prompts });
  // @ts-expect-error a base model, whatever the method
  g.add('orpo', { model: base, feedback });
  // @ts-expect-error a reference where the method has none: labels have no such port
  g.add('kto', { model, feedback, reference });
  // @ts-expect-error another loss's option
  g.add('dpo', { model, feedback }, { loss: { use: 'ipo', gamma: 0.5 } });
  // @ts-expect-error an aligned model's samples are no reference
  g.add('simpo', { model, feedback, reference: examples });
  // @ts-expect-error a misspelt optional port
  g.add('dpo', { model, feedback, refrence: reference });
  // @ts-expect-error an option of adapters that is not one
  g.add('dpo', { model, feedback }, { adapter: { rnak: 8 } });
  // @ts-expect-error a reward that is not installed
  g.add('dpo', { model, feedback }, { rewards: [{ use: 'vader' }] });
  return { model };
});
