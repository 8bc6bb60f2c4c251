// Tokenizers of three kinds that can spell a chat format, and random conversations.
import type { ChatFormat, Message, TokenizerValue } from '@ingot/contracts';
import { BYTE_CHARACTERS } from '../byte-alphabet.js';
import { randomText } from '../random-text.fixture.js';
import { tokenizerValue } from '../tokenizer-value.js';
import { PieceCounts, trainBpe } from '../train-bpe.js';
import { byteLevelJson, charactersJson } from '../write-tokenizer.js';
import { controlTokensOf } from './control-tokens.js';

/** What a tokenizer for this format is made with. */
export const specialFor = (format: ChatFormat): readonly string[] => [
  ...new Set(['<|endoftext|>', ...controlTokensOf(format)]),
];

/** Bytes alone. */
export const byteTokenizer = (special: readonly string[]): TokenizerValue =>
  tokenizerValue(byteLevelJson([...special, ...[...BYTE_CHARACTERS].toSorted()], [], special, 'gpt2'));

/** Merges that also join pieces of the templates' own text, blanks and all. */
export const bpeTokenizer = (special: readonly string[]): TokenizerValue => {
  const pieces = new PieceCounts('gpt2');
  pieces.add('user assistant system model\n\n the answer [INST] im_start |> start_of_turn  \n yes no 🙂é '.repeat(20));
  const { tokens, merges } = trainBpe(pieces.counts, { vocabSize: special.length + 340, special, minFrequency: 0 });
  return tokenizerValue(byteLevelJson(tokens, merges, special, 'gpt2'));
};

/** The characters of a text. */
export const characterTokenizer = (special: readonly string[], characters: string): TokenizerValue =>
  tokenizerValue(charactersJson([...new Set(characters)].toSorted(), special));

/** A conversation of alternating turns, sometimes after a system turn, that ends with an answer. Every control token's text may stand in it. */
export const randomChat = (random: () => number, control: readonly string[], system: boolean): readonly Message[] => {
  const content = (): string => {
    let text = '';
    for (let parts = 1 + Math.floor(random() * 4); parts > 0; parts--)
      text += random() < 0.4 ? control[Math.floor(random() * control.length)]! : randomText(random, 6);
    return random() < 0.3 ? ` \n${text}\n ` : text;
  };
  const turns: Message[] = system && random() < 0.5 ? [{ role: 'system', content: content() }] : [];
  for (let pairs = 1 + Math.floor(random() * 3); pairs > 0; pairs--)
    turns.push({ role: 'user', content: content() }, { role: 'assistant', content: `a${content()}` });
  return turns;
};
