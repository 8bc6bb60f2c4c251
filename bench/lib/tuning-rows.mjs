// What every tuning and RL problem of the bench is made of: dialogues where hh-rlhf lies beside, else paragraphs of the book; and the tokenizer of a shape.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { byteLevelJson, PieceCounts, tokenizerValue, trainBpe } from '../../packages/text/dist/index.js';
import { root } from '../../scripts/lib/run.mjs';
import { book } from './book.mjs';
import { publishedTokenizer } from './published-tokenizer.mjs';

const END = '<|endoftext|>';
const feedback = join(root, '..', 'shared', 'data', 'preference', 'hh-rlhf-harmless-base-test.jsonl.gz');

/** hh-rlhf's dialogues: all up to the last answer is the prompt. */
const dialogues = () =>
  gunzipSync(readFileSync(feedback))
    .toString()
    .trim()
    .split('\n')
    .map((line) => {
      const { chosen, rejected } = JSON.parse(line);
      const cut = chosen.lastIndexOf('\n\nAssistant:') + '\n\nAssistant:'.length;
      return { prompt: chosen.slice(0, cut), chosen: chosen.slice(cut), rejected: rejected.slice(cut) };
    });

/** Where those do not lie: paragraphs of the book, with what follows as the better completion and another paragraph's beginning as the worse. */
const paragraphs = () => {
  const texts = book()
    .text.split(/\n\s*\n/u)
    .map((text) => text.replaceAll(/\s+/gu, ' ').trim())
    .filter((text) => text.length > 120);
  return texts.map((text, i) => {
    const words = text.split(' ').slice(0, 40 + ((i * 37) % 90));
    const asked = Math.ceil(words.length * (0.3 + 0.05 * (i % 8)));
    const other = texts[(i + 1) % texts.length].split(' ').slice(0, 8 + ((i * 53) % 50));
    return {
      prompt: words.slice(0, asked).join(' '),
      chosen: ` ${words.slice(asked).join(' ')}`,
      rejected: ` ${other.join(' ')}`,
    };
  });
};

const ownTokenizer = (vocabSize) => {
  const pieces = new PieceCounts('gpt2');
  pieces.add(book().text);
  const how = { vocabSize, pattern: 'gpt2', special: [END], minFrequency: 2 };
  const { tokens, merges } = trainBpe(pieces.counts, how);
  return byteLevelJson(tokens, merges, how.special, how.pattern);
};

/** The rows, and where they are from. */
export const tuningRows = () =>
  existsSync(feedback) ? { data: 'hh-rlhf', rows: dialogues() } : { data: book().name, rows: paragraphs() };

/** The tokenizer of a vocabulary: 'r50k', or as many tokens learnt from the book. */
export const tuningTokenizer = async (vocabulary) =>
  tokenizerValue(vocabulary === 'r50k' ? await publishedTokenizer('r50k') : ownTokenizer(vocabulary));
