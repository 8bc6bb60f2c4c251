// Anthropic's hh-rlhf: two transcripts "\n\nHuman: … \n\nAssistant: …" that begin alike. Bai et al. 2022, "Training a Helpful and Harmless Assistant".
import type { Message } from '@ingot/contracts';
import { splitConversations } from './answers.js';
import { textField } from './fields.js';
import { shape } from './shape.js';

const SPEAKER = /\n\n(Human|Assistant):/;
const ROLES = { Human: 'user', Assistant: 'assistant' } as const satisfies Record<string, Message['role']>;

/** Whether a text is such a transcript. */
export const isTranscript = (value: unknown): value is string =>
  typeof value === 'string' && /^\s*\n\n(Human|Assistant):/.test(value);

/** The turns of a transcript, without the white space around them. What comes before the first speaker is lost: `isTranscript` knows that it is only white space. */
export const readTranscript = (transcript: string): readonly Message[] => {
  const parts = transcript.split(SPEAKER).slice(1); // speaker, text, speaker, text, …
  return parts.flatMap((speaker, at) =>
    at % 2 === 0 ? [{ role: ROLES[speaker as keyof typeof ROLES], content: parts[at + 1]!.trim() }] : [],
  );
};

/** {chosen, rejected} of transcripts. */
export const hhRlhfShape = shape({
  name: 'hh-rlhf',
  about: 'two transcripts "Human: … Assistant: …" that begin alike',
  gives: 'ranked',
  columns: { chosen: textField, rejected: textField },
  fits: ({ chosen, rejected }) => isTranscript(chosen) && isTranscript(rejected),
  read: ({ chosen, rejected }, refuse) => {
    if (!isTranscript(chosen) || !isTranscript(rejected))
      return refuse('wanted "\\n\\nHuman: … \\n\\nAssistant: …", got another text', [
        isTranscript(chosen) ? 'rejected' : 'chosen',
      ]);
    const { prompt, texts, apart } = splitConversations([chosen, rejected].map(readTranscript));
    return {
      gives: 'ranked',
      prompt,
      completions: texts.map((text, rank) => ({ text, rank })),
      ...(apart ? { apart } : {}),
    };
  },
});
