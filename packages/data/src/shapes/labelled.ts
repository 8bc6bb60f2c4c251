// Shapes of one answer that was liked or not: TRL's unpaired preference and stepwise supervision, LLaMA-Factory's KTO variants.
import type { PromptValue } from '@ingot/contracts';
import { answersTo, lastAnswer } from './answers.js';
import { answerField, labelField, labelsField, messagesField, promptField, textField, textsField } from './fields.js';
import { historyField, instructionOf } from './instruction.js';
import { withSystem } from './messages.js';
import { shape, type ShapedRow } from './shape.js';

/** {prompt, completion, label}. */
export const unpairedShape = shape({
  name: 'unpaired',
  about: 'a prompt, one answer, and whether it was liked',
  gives: 'labelled',
  columns: { prompt: promptField, completion: answerField, label: labelField },
  read: ({ prompt, completion, label }, refuse) => {
    const answered = answersTo(prompt, [completion], (message) => refuse(message, ['completion']));
    if (answered.apart)
      return refuse("wanted an answer that ends with the assistant's turn, got the user's", ['completion']);
    return { gives: 'labelled', prompt: answered.prompt, completion: answered.texts[0]!, label };
  },
});

const optional = { system: textField };

/** LLaMA-Factory's {messages, label}. */
export const messagesLabelledShape = shape({
  name: 'messages-labelled',
  about: 'a conversation whose last turn was liked or not',
  gives: 'labelled',
  columns: { messages: messagesField, label: labelField },
  optional,
  read: ({ messages, system, label }, refuse) => ({
    gives: 'labelled',
    ...lastAnswer(withSystem(messages, system), (message) => refuse(message, ['messages'])),
    label,
  }),
});

/** LLaMA-Factory's {conversations, kto_tag}. */
export const sharegptLabelledShape = shape({
  name: 'sharegpt-kto',
  about: 'a ShareGPT conversation whose last turn was liked or not',
  gives: 'labelled',
  columns: { conversations: messagesField, kto_tag: labelField },
  optional,
  read: ({ conversations, system, kto_tag }, refuse) => ({
    gives: 'labelled',
    ...lastAnswer(withSystem(conversations, system), (message) => refuse(message, ['conversations'])),
    label: kto_tag,
  }),
});

/** LLaMA-Factory's {instruction, input?, output, kto_tag}. */
export const alpacaLabelledShape = shape({
  name: 'alpaca-kto',
  about: 'an instruction, one answer, and whether it was liked',
  gives: 'labelled',
  columns: { instruction: textField, output: textField, kto_tag: labelField },
  optional: { ...optional, input: textField, history: historyField },
  read: (row) => ({ gives: 'labelled', prompt: instructionOf(row), completion: row.output, label: row.kto_tag }),
});

/** The prompt with the steps that came before, a line each. */
const withSteps = (prompt: PromptValue, steps: readonly string[]): PromptValue => {
  if (typeof prompt === 'string') return [prompt, ...steps].join('\n');
  const last = prompt.at(-1);
  return last === undefined
    ? prompt
    : [...prompt.slice(0, -1), { ...last, content: [last.content, ...steps].join('\n') }];
};

/** {prompt, completions, labels}: every step becomes an answer to the prompt and the steps before it. Uesato et al. 2022; Lightman et al. 2023. */
export const stepwiseShape = shape({
  name: 'stepwise',
  about: 'a prompt, the steps of one answer, and which of them were right',
  gives: 'labelled',
  columns: { prompt: promptField, completions: textsField, labels: labelsField },
  read: ({ prompt, completions, labels }, refuse): readonly ShapedRow[] =>
    completions.length === labels.length
      ? completions.map((step, at) => ({
          gives: 'labelled',
          prompt: withSteps(prompt, completions.slice(0, at)),
          completion: step,
          label: labels[at]!,
        }))
      : refuse(`wanted a label for each of the ${completions.length} steps, got ${labels.length}`, ['labels']),
});
