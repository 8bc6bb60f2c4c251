// The lint of examples before step 0: the course page's first failure begins in the data.
import type { ChatEncoder } from '@ingot/text';
import { degeneration } from '@ingot/decoding';
import type { BadRow, ReadExample } from './read-examples.js';

/** What a check found. `error` stops the stage, `warning` is said aloud, `note` stands in the table. */
export interface Finding {
  readonly check: string;
  readonly level: 'fine' | 'note' | 'warning' | 'error';
  readonly found: string;
}

/** What is looked at. */
export interface Linted {
  readonly examples: readonly ReadExample[];
  readonly bad: readonly BadRow[];
  /** Where bad rows are to be left out, they only warn. */
  readonly leaveOut: boolean;
  readonly encoder: ChatEncoder;
}

const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}`;
const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
/** Rows to name in a sentence. */
const rowsOf = (rows: readonly { readonly row: number }[]): string =>
  `${rows
    .slice(0, 3)
    .map(({ row }) => row)
    .join(', ')}${rows.length > 3 ? ', …' : ''}`;

function badRows({ bad, leaveOut }: Linted): Finding {
  const check = 'rows that can be learnt from';
  if (bad.length === 0) return { check, level: 'fine', found: 'all' };
  const found = `${count(bad.length, 'rows cannot be learnt from')} (${rowsOf(bad)}). Row ${bad[0]!.row}: ${bad[0]!.why}`;
  return leaveOut
    ? { check, level: 'warning', found: `${found} They are left out.` }
    : { check, level: 'error', found: `${found} Mend them, or leave them out with badRows: 'leave-out'.` };
}

/** Whether the last learnt token of an example is one that ends an answer. */
function endTrained({ ids, weights }: ReadExample, ends: ReadonlySet<number>): boolean {
  const last = weights.findLastIndex((weight) => weight > 0);
  return last > 0 && ends.has(ids[last]!);
}

function endOfAnswer({ examples, encoder }: Linted): Finding {
  const check = 'the end of an answer is learnt';
  const { tokenizer, endOfTurn } = encoder;
  const ends = new Set([endOfTurn, ...(tokenizer.endOfText === undefined ? [] : [tokenizer.endOfText])]);
  const without = examples.filter((example) => !endTrained(example, ends));
  const name = JSON.stringify(tokenizer.decode([endOfTurn]));
  if (without.length === 0)
    return {
      check,
      level: 'fine',
      found: `${name} (id ${endOfTurn}) in all; padding is no token, so it never stands for it`,
    };
  const leftOut = /\{%-?\s*generation/u.test(encoder.format?.template ?? '')
    ? 'Put the end of the turn inside of the {% generation %} block of the template, where that leaves it out. '
    : '';
  const found = `${count(without.length, 'examples')} (${rowsOf(without)}) do not end with ${name} as something to learn`;
  return without.length === examples.length
    ? {
        check,
        level: 'error',
        found: `${found}: the model would never stop. ${leftOut}Raise maxTokens, or give the last turn a weight.`,
      }
    : { check, level: 'warning', found: `${found}: cut off, or of weight 0. Raise maxTokens, or shorten them.` };
}

function begins({ examples, encoder }: Linted): Finding {
  const check = 'one begin-of-text';
  const { beginOfText } = encoder;
  if (beginOfText === undefined) return { check, level: 'fine', found: 'the format has none' };
  // Where one token begins texts and ends turns, only its place at the front tells.
  const wrong = examples.filter(
    ({ ids }) => ids[0] !== beginOfText || (beginOfText !== encoder.endOfTurn && ids.lastIndexOf(beginOfText) !== 0),
  );
  return wrong.length === 0
    ? { check, level: 'fine', found: `id ${beginOfText}, first and nowhere else` }
    : {
        check,
        level: 'error',
        found: `${count(wrong.length, 'examples')} (${rowsOf(wrong)}) do not begin with exactly one.`,
      };
}

function truncated({ examples }: Linted): Finding {
  const cut = examples.filter((example) => example.truncated);
  const share = cut.length / Math.max(1, examples.length);
  return {
    check: 'whole examples',
    level: cut.length === 0 ? 'fine' : share < 0.01 ? 'note' : 'warning',
    found:
      cut.length === 0
        ? 'all'
        : `${count(cut.length, 'examples')} (${percent(share)}) are cut to maxTokens. Raise maxTokens, or split them.`,
  };
}

/** A short name for a sequence of ids: two FNV-1a hashes of 32 bits. */
function digestOf(ids: Int32Array): string {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (const id of ids) {
    a = Math.imul(a ^ id, 0x01000193) >>> 0;
    b = Math.imul(b ^ id, 0x01000193) >>> 0;
  }
  return `${a} ${b} ${ids.length}`;
}

function duplicates({ examples }: Linted): Finding {
  const seen = new Set<string>();
  const again = examples.filter(({ ids }) => {
    const digest = digestOf(ids);
    if (seen.has(digest)) return true;
    seen.add(digest);
    return false;
  });
  const share = again.length / Math.max(1, examples.length);
  return {
    check: 'duplicates',
    level: again.length === 0 ? 'fine' : share < 0.01 ? 'note' : 'warning',
    found:
      again.length === 0
        ? 'none'
        : `${count(again.length, 'examples')} (${percent(share)}) repeat an earlier one (${rowsOf(again)}). Deduplicate: what is seen more often is learnt by heart.`,
  };
}

/** The most responses looked at for likeness, evenly spread. */
const LOOKED_AT = 2000;

function alike({ examples }: Linted): Finding {
  const check = 'responses differ';
  const step = Math.max(1, examples.length / LOOKED_AT);
  const responses = Array.from(
    { length: Math.min(LOOKED_AT, examples.length) },
    (_, i) => examples[Math.floor(i * step)]!.response,
  );
  const { openingEvenness, structureEvenness, openingEntropy, duplicates: same } = degeneration(responses);
  const level =
    responses.length >= 8 && (openingEvenness < 0.4 || structureEvenness < 0.1 || same > 0.3) ? 'warning' : 'fine';
  const found = `${openingEntropy.toFixed(1)} bits in their openings of ${Math.log2(Math.max(1, responses.length)).toFixed(1)} possible, ${percent(same)} the same word for word`;
  return {
    check,
    level,
    found:
      level === 'fine' ? found : `${found}: they are alike, and a model imitates one structure exclusively. Vary them.`,
  };
}

/** Signs of a chat template that was rendered into the text beforehand. */
const RENDERED =
  /<\|im_start\|>|<\|start_header_id\|>|<\|eot_id\|>|<start_of_turn>|\[INST\]|<\|(?:user|assistant|system)\|>|### (?:Response|Instruction):/u;

function drift({ examples }: Linted): Finding {
  const check = 'no template inside of texts';
  const texts = ({ prompt, response }: ReadExample): string =>
    `${typeof prompt === 'string' ? prompt : (prompt?.map(({ content }) => content).join('\n') ?? '')}\n${response}`;
  const rendered = examples.filter((example) => RENDERED.test(texts(example)));
  return rendered.length === 0
    ? { check, level: 'fine', found: 'none' }
    : {
        check,
        level: 'warning',
        found: `${count(rendered.length, 'examples')} (${rowsOf(rendered)}) hold marks of a chat template as text (${JSON.stringify(RENDERED.exec(texts(rendered[0]!))?.[0])}): rendered beforehand, they are spelt twice. Give messages instead.`,
      };
}

function size({ examples }: Linted): Finding {
  const check = 'size';
  const found = count(examples.length, 'examples');
  const advice = 'the course page advises 10,000 to 100,000, over 1 to 3 epochs';
  const inside = examples.length >= 10_000 && examples.length <= 100_000;
  return inside ? { check, level: 'fine', found } : { check, level: 'note', found: `${found}; ${advice}` };
}

const checks: readonly ((linted: Linted) => Finding)[] = [
  badRows,
  endOfAnswer,
  begins,
  truncated,
  duplicates,
  alike,
  drift,
  size,
];

/** Looks at examples as they will be learnt: one finding a check. */
export const lintExamples = (linted: Linted): readonly Finding[] => checks.map((check) => check(linted));
