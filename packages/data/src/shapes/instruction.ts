// Alpaca's instruction, input, system prompt and history as the turns before an answer. Taori et al. 2023, "Stanford Alpaca".
import type { Message } from '@ingot/contracts';
import { typeWord } from '../rows/row.js';
import { listField, textField } from './fields.js';
import { withSystem } from './messages.js';
import { shape } from './shape.js';

export interface Instruction {
  readonly instruction: string;
  readonly input?: string | undefined;
  readonly system?: string | undefined;
  readonly history?: readonly (readonly [string, string])[] | undefined;
}

/** Earlier rounds: pairs of what was asked and answered. */
export const historyField = listField((value, refuse): readonly [string, string] => {
  const round: readonly unknown[] = Array.isArray(value) ? value : [];
  const [asked, answered] = round;
  return round.length === 2 && typeof asked === 'string' && typeof answered === 'string'
    ? [asked, answered]
    : refuse(`wanted a pair of texts [asked, answered], got ${typeWord(value)}`);
});

/** The conversation up to the answer: system prompt, history, then instruction and input joined by a line break. */
export const instructionOf = ({ instruction, input, system, history }: Instruction): readonly Message[] =>
  withSystem(
    [
      ...(history ?? []).flatMap(([asked, answered]): Message[] => [
        { role: 'user', content: asked },
        { role: 'assistant', content: answered },
      ]),
      { role: 'user', content: input === undefined || input.trim() === '' ? instruction : `${instruction}\n${input}` },
    ],
    system,
  );

/** {instruction, input?, output, system?, history?}; answers of the history are learnt too, as LLaMA-Factory does. */
export const alpacaShape = shape({
  name: 'alpaca',
  about: 'an instruction and its answer',
  gives: 'conversation',
  columns: { instruction: textField, output: textField },
  optional: { input: textField, system: textField, history: historyField },
  read: (row) => ({
    gives: 'conversation',
    messages: [...instructionOf(row), { role: 'assistant', content: row.output }],
  }),
});
