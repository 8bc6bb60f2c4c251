// Wirings that must not compile: every line below an expect-error is refused at the argument that is wrong.
import { createIngot, type Graph, type GraphOf, type Ref, type StagesOf } from '@ingot/core';
import { ChatModel, Reward, Sampler } from '@ingot/contracts';
import { data, fakePlugins, sampling } from '@ingot/contracts/fakes';

const ingot = createIngot({ plugins: fakePlugins });
const needsSpeech = (g: GraphOf<[typeof data, typeof sampling]>) => g;

ingot.pipeline('wrong', (g) => {
  const { text } = g.add('text', {}, { path: 'a' });
  const { tokenizer } = g.add('bpe', { text });
  const { tokens } = g.add('pack', { text, tokenizer });
  const { design } = g.add('gpt', { tokenizer });
  const { model } = g.add('pretrain', { design, tokens });
  const { examples } = g.add('examples', {}, { path: 'e' });
  const { model: chat } = g.add('sft', { model, examples });
  const { feedback } = g.add('preferences', {}, { path: 'p' });
  const { feedback: questions } = g.add('prompts', {}, { path: 'p' });
  const { reward } = g.add('reward-model', { model: chat, feedback });

  // lineage
  // @ts-expect-error a base model is not aligned
  g.add('dpo', { model, feedback });
  // @ts-expect-error a base model is not served
  g.add('serve', { model });
  // @ts-expect-error a chat model is not aligned yet
  g.add('serve', { model: chat });
  // @ts-expect-error a quantised base model is still a base model
  g.add('serve', { model: g.add('int8', { model }).model });
  // @ts-expect-error a quantised chat model is still not aligned
  g.add('serve', { model: g.add('gptq', { model: chat }).model });
  // @ts-expect-error the escape wants its reason
  g.add('assume-chat', { model });
  // @ts-expect-error a base model cannot be assumed to be aligned: first it chats
  g.add('assume-aligned', { model }, { because: 'no' });
  // @ts-expect-error a reward model is of a chat model
  g.add('reward-model', { model, feedback });
  // @ts-expect-error a ref of a base model where a sub-pipeline wants a chat model
  ((_: Ref<typeof ChatModel>) => 0)(model);

  // feedback
  // @ts-expect-error prompts alone where pairs are wanted
  g.add('dpo', { model: chat, feedback: questions });
  // @ts-expect-error prompts alone where labels are wanted
  g.add('kto', { model: chat, feedback: questions });
  // @ts-expect-error conversations are not feedback
  g.add('dpo', { model: chat, feedback: examples });
  // @ts-expect-error feedback is not conversations
  g.add('sft', { model, examples: feedback });

  // ports
  // @ts-expect-error a wrong kind
  g.add('bpe', { text: tokenizer });
  // @ts-expect-error two swapped ports
  g.add('pack', { text: tokenizer, tokenizer: text });
  // @ts-expect-error a design where a model is wanted
  g.add('generate', { model: design });
  // @ts-expect-error a missing port
  g.add('pack', { text });
  // @ts-expect-error no ports at all
  g.add('sft', {});
  // @ts-expect-error an extra port
  g.add('bpe', { text, tokens });
  // @ts-expect-error a port that only another player of the role has
  g.add('dpo', { model: chat, feedback, critic: reward });
  // @ts-expect-error a misspelt optional port
  g.add('gptq', { model, calibrations: tokens });
  // @ts-expect-error text where calibration tokens are wanted
  g.add('gptq', { model, calibration: text });
  // @ts-expect-error a chat model where its reward model is wanted
  g.add('ppo', { model: chat, feedback, reward: chat });
  // @ts-expect-error a list where one is wanted
  g.add('sft', { model: [model], examples });
  // @ts-expect-error one where a list is wanted
  g.add('evaluate', { model, against: chat }, { tasks: ['a'] });
  // @ts-expect-error a list with a wrong kind in it
  g.add('evaluate', { model, against: [chat, text] }, { tasks: ['a'] });
  // @ts-expect-error an output that is not there
  g.add('sft', { model, examples }).modle;

  // stages and options
  // @ts-expect-error an unknown stage
  g.add('dop', { model: chat, feedback });
  // @ts-expect-error a part is not a stage
  g.add('top-p', { model });
  // @ts-expect-error required options left out
  g.add('evaluate', { model, against: [] });
  // @ts-expect-error another algorithm's option
  g.add('kto', { model: chat, feedback }, { beta: 0.1 });
  // @ts-expect-error an option of the other architecture
  g.add('gpt', { tokenizer }, { kvHeads: 2 });
  // @ts-expect-error a wrong type of option
  g.add('pretrain', { design, tokens }, { steps: '3' });
  // @ts-expect-error a misspelt option
  g.add('pretrain', { design, tokens }, { step: 3 });
  // @ts-expect-error a misspelt view option
  g.add('pretrain', { design, tokens }, { logEvry: 1 });
  // @ts-expect-error a value outside of the enumeration
  g.add('gptq', { model }, { bits: 3 });
  // @ts-expect-error a stage without options takes none
  g.add('int8', { model }, { bits: 8 });
  // @ts-expect-error a label is a text
  g.add('generate', { model }, {}, 3);

  // parts
  // @ts-expect-error a sampler that is not installed
  g.add('generate', { model }, { sampler: [{ use: 'min-p' }] });
  // @ts-expect-error a part of another role
  g.add('generate', { model }, { sampler: [{ use: 'adamw' }] });
  // @ts-expect-error another sampler's option
  g.add('generate', { model }, { sampler: [{ use: 'top-p', value: 0.7 }] });
  // @ts-expect-error a list slot wants a list
  g.add('generate', { model }, { sampler: { use: 'top-p' } });
  // @ts-expect-error a single slot wants one
  g.add('pretrain', { design, tokens }, { optimiser: [{ use: 'adamw' }] });
  // @ts-expect-error a wrong type of a part's option
  g.add('pretrain', { design, tokens }, { optimiser: { use: 'adamw', lr: 'high' } });
  // @ts-expect-error a part's required option left out
  g.add('pretrain', { design, tokens }, { schedule: { use: 'cosine' } });
  // @ts-expect-error an optimiser that is not installed
  g.add('pretrain', { design, tokens }, { optimiser: { use: 'lion' } });
  // @ts-expect-error a loss that is not installed
  g.add('dpo', { model: chat, feedback }, { loss: { use: 'ipo' } });
  // @ts-expect-error an anonymous function has no key
  g.add('generate', { model }, { sampler: [(logits: Float32Array) => logits] });
  // @ts-expect-error an inline part of another role
  g.add('generate', { model }, { sampler: [Reward.inline('r', 1, () => 1)] });
  // @ts-expect-error an inline part of the wrong shape
  Sampler.inline('s', 1, (logits: string) => logits);
  // @ts-expect-error an inline part without its version
  Sampler.inline('s', (logits: Float32Array) => logits);

  // sub-pipelines
  // @ts-expect-error a sub-pipeline that needs a plugin which this graph lacks
  needsSpeech(null! as GraphOf<[typeof data]>);
  // @ts-expect-error a sub-pipeline that needs parts which this graph lacks
  needsSpeech(null! as Graph<StagesOf<[typeof data, typeof sampling]>, never>);
  return { chat };
});

// @ts-expect-error an output that is not a ref
ingot.pipeline('bad-output', () => ({ model: 3 }));
