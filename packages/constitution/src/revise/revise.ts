// An answer, its critique by a principle, the revision, and again: supervised constitutional AI. Bai et al. 2022, section 3.1.
import type { Message, PromptValue } from '@ingot/contracts';
import type { Principle } from '../principles/constitution.js';
import type { Asked, Said, Speaker } from '../speak/speaker.js';

/** A prompt with its place among all prompts, and what it is held against. */
export interface Placed {
  readonly place: number;
  readonly prompt: PromptValue;
  readonly principles: readonly Principle[];
}
export interface Round {
  readonly principle: string;
  readonly critique: string;
  readonly before: string;
  readonly after: string;
  readonly read: number;
  readonly written: number;
}
/** What became of a prompt. */
export interface Transcript {
  readonly place: number;
  readonly prompt: readonly Message[];
  readonly first: string;
  /** Tokens of the first answer. */
  readonly read: number;
  readonly written: number;
  readonly rounds: readonly Round[];
}
/** Why a prompt gives no example. */
export type Dropped = 'too long' | 'no answer' | 'no revision';
export type Outcome = Transcript | { readonly place: number; readonly dropped: Dropped };

/** A prompt as a conversation: a text is one turn of the user. */
export const asMessages = (prompt: PromptValue): readonly Message[] =>
  typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : prompt;

/** Conversations of one place are numbered apart: the answer 0, then two for each round. */
const numberOf = (place: number, most: number, step: number): number => place * (2 * most + 1) + step;

interface Open {
  readonly placed: Placed;
  readonly prompt: readonly Message[];
  readonly first: Said;
  readonly rounds: Round[];
  answer: string;
}
type Missing = Map<number, Dropped>;

/** Asks for all that are still open; who gets no answer leaves with why. */
const askAll = async (
  speaker: Speaker,
  open: readonly Open[],
  ask: (one: Open) => Asked,
  missing: Missing,
): Promise<readonly { readonly one: Open; readonly said: Said }[]> => {
  const said = await speaker.say(open.map(ask));
  return open.flatMap((one, at) => {
    const answer = said[at];
    if (answer?.text) return [{ one, said: answer }];
    missing.set(one.placed.place, answer ? 'no revision' : 'too long');
    return [];
  });
};

/**
 * Transcripts of a block of prompts, in their order. Each round reads the prompt, the answer as it is now and the request for a critique; then
 * the critique and the request for a revision; the revision takes the answer's place. `shots` stand before every critique. What the speaker
 * cannot answer is dropped, with why. Throws what the speaker throws.
 */
export const reviseBlock = async (
  speaker: Speaker,
  block: readonly Placed[],
  shots: readonly Message[] = [],
): Promise<readonly Outcome[]> => {
  const missing: Missing = new Map();
  const most = Math.max(1, ...block.map(({ principles }) => principles.length));
  const first = await speaker.say(
    block.map(({ place, prompt }) => ({ number: numberOf(place, most, 0), messages: asMessages(prompt) })),
  );
  let open = block.flatMap((placed, at): Open[] => {
    const answer = first[at];
    if (answer?.text)
      return [{ placed, prompt: asMessages(placed.prompt), first: answer, rounds: [], answer: answer.text }];
    missing.set(placed.place, answer ? 'no answer' : 'too long');
    return [];
  });
  const whole: Open[] = [];
  for (let round = 0; open.length > 0; round++) {
    whole.push(...open.filter(({ placed }) => placed.principles.length <= round));
    open = open.filter(({ placed }) => placed.principles.length > round);
    const principleOf = ({ placed }: Open): Principle => placed.principles[round]!;
    const request = (one: Open): Message[] => [
      ...shots,
      ...one.prompt,
      { role: 'assistant', content: one.answer },
      { role: 'user', content: principleOf(one).critique },
    ];
    const critiques = await askAll(
      speaker,
      open,
      (one) => ({ number: numberOf(one.placed.place, most, 2 * round + 1), messages: request(one) }),
      missing,
    );
    const critiqueOf = new Map(critiques.map(({ one, said }) => [one, said]));
    const revisions = await askAll(
      speaker,
      critiques.map(({ one }) => one),
      (one) => ({
        number: numberOf(one.placed.place, most, 2 * round + 2),
        messages: [
          ...request(one),
          { role: 'assistant', content: critiqueOf.get(one)!.text },
          { role: 'user', content: principleOf(one).revision },
        ],
      }),
      missing,
    );
    open = revisions.map(({ one, said }) => {
      const critique = critiqueOf.get(one)!;
      one.rounds.push({
        principle: principleOf(one).id,
        critique: critique.text,
        before: one.answer,
        after: said.text,
        read: critique.read + said.read,
        written: critique.written + said.written,
      });
      one.answer = said.text;
      return one;
    });
  }
  const done = new Map(whole.map((one) => [one.placed.place, one]));
  return block.map(({ place }): Outcome => {
    const one = done.get(place);
    if (!one) return { place, dropped: missing.get(place) ?? 'no answer' };
    const { prompt, first: said, rounds } = one;
    return { place, prompt, first: said.text, read: said.read, written: said.written, rounds };
  });
};

/** The answer that came out in the end. */
export const finalAnswer = ({ first, rounds }: Transcript): string => rounds.at(-1)?.after ?? first;
