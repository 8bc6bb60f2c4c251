// GPT-2's Hugging Face layout: config.json both ways, tensor names, and which matrices are stored (in, out) (their Conv1D).
import * as z from 'zod';
import { IngotError } from '@ingot/core';
import type { HuggingFaceLayout, TokenizerValue } from '@ingot/contracts';
import { configOf, configProblem, type GptConfig } from './config.js';
import { gptParameters } from './parameters.js';

const activations: Readonly<Record<string, GptConfig['gelu']>> = {
  gelu: 'erf',
  gelu_new: 'tanh',
  gelu_pytorch_tanh: 'tanh',
  gelu_fast: 'tanh',
};

/** What we read of their config.json; the rest (generation defaults, summary heads) does not change the function. Defaults are GPT2Config's. */
const theirConfig = z.looseObject({
  model_type: z.literal('gpt2'),
  n_layer: z.int().positive().default(12),
  n_head: z.int().positive().default(12),
  n_embd: z.int().positive().default(768),
  n_inner: z.int().positive().nullish(),
  n_positions: z.int().positive().default(1024),
  vocab_size: z.int().positive().default(50257),
  activation_function: z.enum(Object.keys(activations) as [string, ...string[]]).default('gelu_new'),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  initializer_range: z.number().positive().default(0.02),
  resid_pdrop: z.number().min(0).lt(1).default(0.1),
  tie_word_embeddings: z.boolean().default(true),
  scale_attn_weights: z.literal(true, 'only attention scaled by 1/√D is known here').default(true),
  scale_attn_by_inverse_layer_idx: z.literal(false, 'scaling by layer is not known here').default(false),
  add_cross_attention: z.literal(false, 'cross-attention is not known here').default(false),
});

const inBlock: readonly (readonly [ours: string, theirs: string, transpose: boolean])[] = [
  ['norm1', 'ln_1', false],
  ['attention.qkv', 'attn.c_attn', true],
  ['attention.projection', 'attn.c_proj', true],
  ['norm2', 'ln_2', false],
  ['mlp.up', 'mlp.c_fc', true],
  ['mlp.down', 'mlp.c_proj', true],
];
const outside: Readonly<Record<string, string>> = {
  'wte.weight': 'transformer.wte.weight',
  'wpe.weight': 'transformer.wpe.weight',
  'norm.weight': 'transformer.ln_f.weight',
  'norm.bias': 'transformer.ln_f.bias',
  'head.weight': 'lm_head.weight',
};

function theirName(ours: string): { theirs: string; transpose: boolean } {
  const found = outside[ours];
  if (found !== undefined) return { theirs: found, transpose: false };
  const [, layer, module, kind] = /^blocks\.(\d+)\.(.+)\.(weight|bias)$/.exec(ours)!;
  const [, theirs, transpose] = inBlock.find(([name]) => name === module)!;
  return { theirs: `transformer.h.${layer}.${theirs}.${kind}`, transpose: transpose && kind === 'weight' };
}

const addedTokens = z.looseObject({ added_tokens: z.array(z.looseObject({ id: z.int(), content: z.string() })) });

/** GPT-2 begins and ends with one token; without it in the tokenizer the ids are null, else transformers would take its own 50256. */
function endOfTextIds({ json }: TokenizerValue): { bos_token_id: number | null; eos_token_id: number | null } {
  const tokens = addedTokens.safeParse(json).data?.added_tokens ?? [];
  const id = tokens.find(({ content }) => content === '<|endoftext|>')?.id ?? null;
  return { bos_token_id: id, eos_token_id: id };
}

/** Hugging Face's GPT2LMHeadModel. A model without biases is written with zero biases, which is the same function. */
export const gptHuggingFace: HuggingFaceLayout = {
  modelType: 'gpt2',
  optionalPrefix: 'transformer.',
  config(design) {
    const config = configOf(design);
    return {
      architectures: ['GPT2LMHeadModel'],
      model_type: 'gpt2',
      n_layer: config.layers,
      n_head: config.heads,
      n_embd: config.width,
      n_inner: config.hidden === 4 * config.width ? null : config.hidden,
      n_positions: config.context,
      n_ctx: config.context,
      vocab_size: config.vocabSize,
      ...endOfTextIds(design.tokenizer),
      activation_function: config.gelu === 'erf' ? 'gelu' : 'gelu_new',
      layer_norm_epsilon: config.epsilon,
      initializer_range: config.initStd,
      resid_pdrop: config.dropout,
      embd_pdrop: config.dropout,
      attn_pdrop: 0,
      tie_word_embeddings: config.tied,
      scale_attn_weights: true,
      torch_dtype: 'float32',
    };
  },
  design(config) {
    const read = theirConfig.safeParse(config);
    if (!read.success)
      throw new IngotError(
        'bad-options',
        `This config.json is not a GPT-2 that Ingot can run:\n${z.prettifyError(read.error)}`,
      );
    const their = read.data;
    const ours: GptConfig = {
      layers: their.n_layer,
      heads: their.n_head,
      width: their.n_embd,
      hidden: their.n_inner ?? 4 * their.n_embd,
      context: their.n_positions,
      vocabSize: their.vocab_size,
      bias: true,
      tied: their.tie_word_embeddings,
      dropout: their.resid_pdrop,
      gelu: activations[their.activation_function]!,
      epsilon: their.layer_norm_epsilon,
      initStd: their.initializer_range,
      residualScaling: true,
    };
    const problem = configProblem(ours);
    if (problem) throw new IngotError('bad-options', `This config.json does not fit together: ${problem}.`);
    return { family: 'gpt', version: 1, config: ours, vocabSize: ours.vocabSize, context: ours.context };
  },
  tensors: (design) => gptParameters(configOf(design)).map(({ name }) => ({ ours: name, ...theirName(name) })),
  zeros(design) {
    const config = configOf(design);
    if (config.bias) return [];
    const here = new Set(gptParameters(config).map(({ name }) => name));
    return gptParameters({ ...config, bias: true })
      .filter(({ name }) => !here.has(name))
      .map(({ name, shape }) => ({ theirs: theirName(name).theirs, shape }));
  },
};
