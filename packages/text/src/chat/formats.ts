// How known models spell a conversation: chat templates that render byte for byte as the published ones, by name.
import type { ChatFormat } from '@ingot/contracts';

/** OpenAI's ChatML; the form of Qwen, SmolLM and others, and the default for models of our own. */
const chatml: ChatFormat = {
  name: 'chatml',
  endOfTurn: '<|im_end|>',
  template: [
    String.raw`{% for message in messages %}`,
    String.raw`{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}`,
    String.raw`{% endfor %}`,
    String.raw`{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}`,
  ].join(''),
};

/** Meta's Llama 3 Instruct. Contents are trimmed. */
const llama3: ChatFormat = {
  name: 'llama-3',
  beginOfText: '<|begin_of_text|>',
  endOfTurn: '<|eot_id|>',
  template: [
    String.raw`{% for message in messages %}`,
    String.raw`{% if loop.first %}{{ bos_token }}{% endif %}`,
    String.raw`{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' }}`,
    String.raw`{{ message['content'] | trim }}{{ '<|eot_id|>' }}`,
    String.raw`{% endfor %}`,
    String.raw`{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}`,
  ].join(''),
};

/** Google's Gemma and Gemma 2 Instruct. Contents are trimmed, there is no system turn. */
const gemma: ChatFormat = {
  name: 'gemma',
  beginOfText: '<bos>',
  endOfTurn: '<end_of_turn>',
  template: [
    String.raw`{{ bos_token }}`,
    String.raw`{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}`,
    String.raw`{% for message in messages %}`,
    String.raw`{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}`,
    String.raw`{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}`,
    String.raw`{% set role = 'model' if message['role'] == 'assistant' else message['role'] %}`,
    String.raw`{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}`,
    String.raw`{% endfor %}`,
    String.raw`{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}`,
  ].join(''),
};

/** Mistral 7B Instruct v0.2 in its later form: a system message goes before the first request. */
const mistral: ChatFormat = {
  name: 'mistral',
  beginOfText: '<s>',
  endOfTurn: '</s>',
  template: [
    String.raw`{% set system = messages[0]['content'] if messages[0]['role'] == 'system' %}`,
    String.raw`{% set turns = messages[1:] if messages[0]['role'] == 'system' else messages %}`,
    String.raw`{{ bos_token }}`,
    String.raw`{% for message in turns %}`,
    String.raw`{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}`,
    String.raw`{{ raise_exception('After the optional system message, conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}`,
    String.raw`{% if message['role'] == 'user' %}{{ ' [INST] ' }}`,
    String.raw`{% if loop.first and messages[0]['role'] == 'system' %}{{ system + '\n\n' }}{% endif %}`,
    String.raw`{{ message['content'] + ' [/INST]' }}`,
    String.raw`{% elif message['role'] == 'assistant' %}{{ ' ' + message['content'] + eos_token }}`,
    String.raw`{% else %}`,
    String.raw`{{ raise_exception('Only user and assistant roles are supported, with the exception of an initial optional system message!') }}{% endif %}`,
    String.raw`{% endfor %}`,
  ].join(''),
};

/** Microsoft's Phi-3 Mini Instruct in its later form, with a system turn; a finished conversation ends with `<|endoftext|>`, its eos_token. */
const phi3: ChatFormat = {
  name: 'phi-3',
  endOfTurn: '<|end|>',
  template: [
    String.raw`{% for message in messages %}`,
    String.raw`{{ '<|' + message['role'] + '|>\n' + message['content'] + '<|end|>\n' }}`,
    String.raw`{% endfor %}`,
    String.raw`{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ '<|endoftext|>' }}{% endif %}`,
  ].join(''),
};

/** Chat formats by name. `chatml` is the one to take for a model of one's own. */
export const chatFormats = {
  chatml,
  'llama-3': llama3,
  gemma,
  mistral,
  'phi-3': phi3,
} as const satisfies Readonly<Record<string, ChatFormat>>;
/** The name of a format that this package has. */
export type ChatFormatName = keyof typeof chatFormats;
