// From files to rows of a stage: conversions, the lint with planted faults, splits by prompt, limits, renamed columns.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedbackRow } from '@ingot/contracts';
import { describe, expect, it } from 'vitest';
import { loadRows, type RowSource } from './load-rows.js';
import { isHeldOut, keyOf, promptKey } from './prompt-key.js';
import { toExamples, toLabels, toPairs, toPrompts } from './targets.js';

const folder = mkdtempSync(join(tmpdir(), 'ingot-load-'));
let files = 0;
const put = (rows: readonly object[]): string => {
  const path = join(folder, `rows-${files++}.jsonl`);
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  return path;
};
const how = (path: string, more: Partial<RowSource> = {}): RowSource => ({
  path,
  files: [],
  exclude: [],
  drop: false,
  chat: false,
  ...more,
});
const pair = (i: number, more: object = {}) => ({
  prompt: `q${i}`,
  chosen: `good ${i}`,
  rejected: `bad ${i}`,
  ...more,
});
const pairs = (count: number, more: (i: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, i) => pair(i, more(i)));
const said = (content: string) => ({ role: 'assistant' as const, content });
const user = (content: string) => ({ role: 'user' as const, content });
const refused = (message: RegExp, code = 'bad-input') => ({ code, message: expect.stringMatching(message) });

describe('conversions', () => {
  it('learns only from the answer of a conversational completion, whatever the prompt holds', async () => {
    const prompt = [user('a'), said('b'), user('c')];
    const path = put([{ prompt, completion: [said('d')], weight: 2 }]);
    expect((await loadRows(toExamples, how(path))).rows).toEqual([
      { messages: [user('a'), { ...said('b'), weight: 0 }, user('c'), { ...said('d'), weight: 2 }] },
    ]);
  });
  it('keeps plain completions plain, or makes conversations of them', async () => {
    const path = put([{ prompt: 'a', completion: ' b' }]);
    expect((await loadRows(toExamples, how(path))).rows).toEqual([{ prompt: 'a', completion: ' b' }]);
    expect((await loadRows(toExamples, how(path, { chat: true }))).rows).toEqual([
      { messages: [user('a'), said(' b')] },
    ]);
  });
  it('takes the best and the liked answers as examples, and says so', async () => {
    const best = await loadRows(toExamples, how(put(pairs(2))));
    expect(best.rows).toEqual([0, 1].map((i) => ({ prompt: `q${i}`, completion: `good ${i}` })));
    expect(best.lines).toEqual([
      expect.stringMatching(/^Read as 'preference' \{prompt, chosen, rejected\}.*Of every row only the best/),
    ]);
    const liked = put([true, false].map((label, i) => ({ prompt: `q${i}`, completion: `a${i}`, label })));
    expect((await loadRows(toExamples, how(liked))).rows).toEqual([{ prompt: 'q0', completion: 'a0' }]);
  });
  it('makes two labels of a pair, and the best and worst of a ranking', async () => {
    const path = put([{ prompt: 'a', completions: ['1', '2', '3'] }]);
    const label = (text: string, liked: boolean) => ({ prompt: 'a', completions: [{ text, label: liked }] });
    expect((await loadRows(toLabels, how(path))).rows).toEqual([label('1', true), label('3', false)]);
  });
  it('takes the prompts of any feedback and of conversations', async () => {
    expect((await loadRows(toPrompts, how(put(pairs(1))))).rows).toEqual([{ prompt: 'q0', completions: [] }]);
    const talk = put([{ messages: [user('a'), said('b'), user('c'), said('d')] }]);
    expect((await loadRows(toPrompts, how(talk))).rows).toEqual([
      { prompt: [user('a'), said('b'), user('c')], completions: [] },
    ]);
  });
});

describe('the lint', () => {
  it('warns of swapped columns, and is content when they are swapped back', async () => {
    const path = put(pairs(10, (i) => ({ score_chosen: i === 0 ? 9 : 1, score_rejected: 5 })));
    const { warnings } = await loadRows(toPairs, how(path));
    expect(warnings).toEqual([expect.stringMatching(/In 9 of 10 rows .* worse score: are the columns swapped\?/)]);
    const columns = {
      chosen: 'rejected',
      rejected: 'chosen',
      score_chosen: 'score_rejected',
      score_rejected: 'score_chosen',
    };
    const back = await loadRows(toPairs, how(path, { columns }));
    expect(back.warnings).toEqual([]);
    expect(back.rows[1]!.completions[0]).toEqual({ text: 'bad 1', rank: 0, score: 5 });
  });
  it('warns when ranks say the same: less is better', async () => {
    const path = put(pairs(3, () => ({ chosen_rank: 2, rejected_rank: 1 })));
    expect((await loadRows(toPairs, how(path))).warnings).toEqual([expect.stringMatching(/In 3 of 3 rows/)]);
  });
  it('says nothing where most rows agree with their scores', async () => {
    const path = put(pairs(10, (i) => ({ score_chosen: i < 5 ? 1 : 9, score_rejected: 5 })));
    expect((await loadRows(toPairs, how(path))).warnings).toEqual([]);
  });
  it('counts identical answers, drops them when asked, and refuses a file of nothing else', async () => {
    const same = (i: number) => pair(i, { rejected: `good ${i}` });
    const path = put([pair(0), same(1), same(2)]);
    const kept = await loadRows(toPairs, how(path));
    expect(kept.rows).toHaveLength(3);
    expect(kept.warnings).toEqual([expect.stringMatching(/^2 rows whose answers are identical.*jsonl:2, .*jsonl:3/)]);
    const dropped = await loadRows(toPairs, how(path, { drop: ['identical'] }));
    expect(dropped.rows).toHaveLength(1);
    expect(dropped.table).toEqual([
      { rows: 'read', count: 3, outcome: '' },
      { rows: 'identical', count: 2, outcome: 'left out' },
      { rows: 'left', count: 1, outcome: '' },
      { rows: 'given', count: 1, outcome: '' },
    ]);
    await expect(loadRows(toPairs, how(put([same(1), same(2)])))).rejects.toMatchObject(
      refused(/wanted answers that differ, got 2 rows .*identical.*: all of them\. Check which columns/),
    );
  });
  it.each([
    [
      'an empty answer',
      toExamples,
      { prompt: 'a', completion: ' \n' },
      /got 1 row with an empty answer \(.*jsonl:2\).*drop: true/,
    ],
    ['an empty prompt', toExamples, { prompt: '', completion: 'b' }, /got 1 row with an empty prompt \(.*jsonl:2\)/],
  ] as const)('refuses %s, and drops it when asked', async (_, target, row, message) => {
    const path = put([{ prompt: 'x', completion: 'y' }, row]);
    await expect(loadRows(target, how(path))).rejects.toMatchObject(refused(message));
    expect((await loadRows(target, how(path, { drop: true }))).rows).toEqual([{ prompt: 'x', completion: 'y' }]);
  });
  it('refuses an empty rejected answer, a prompt of a system turn alone, a conversation without an answer', async () => {
    await expect(loadRows(toPairs, how(put([pair(0, { rejected: '' })])))).rejects.toMatchObject(
      refused(/empty answer/),
    );
    const policy = [{ role: 'system', content: 'Be brief.' }];
    await expect(loadRows(toPrompts, how(put([{ prompt: policy }])))).rejects.toMatchObject(refused(/empty prompt/));
    await expect(loadRows(toExamples, how(put([{ messages: [user('a')] }])))).rejects.toMatchObject(
      refused(/empty answer/),
    );
  });
  it('warns of copies, of conversations that stop at the user, of prompts that end with the assistant, of ties', async () => {
    const talk = { messages: [user('a'), said('b'), user('c')] };
    const { warnings, rows } = await loadRows(toExamples, how(put([talk, talk])));
    expect(rows).toHaveLength(2);
    expect(warnings).toEqual([
      expect.stringMatching(/^2 rows whose conversation does not end with the assistant/),
      expect.stringMatching(/^1 row equal to an earlier one/),
    ]);
    const own = await loadRows(toPrompts, how(put([{ prompt: [user('a'), said('b')] }])));
    expect(own.warnings).toEqual([expect.stringMatching(/prompt ends with the assistant's turn/)]);
    const tie = await loadRows(toPairs, how(put([{ prompt: 'a', completions: ['x', 'y'], ranks: [1, 1] }])));
    expect(tie.warnings).toEqual([expect.stringMatching(/all of one rank/)]);
  });
  it('leaves out answers of several turns, or of the user, and says so', async () => {
    const apart = { chosen: [user('a'), said('b'), user('c'), said('d')], rejected: [user('a'), said('z')] };
    const fine = { chosen: [user('a'), said('b')], rejected: [user('a'), said('z')] };
    const asking = { chosen: [user('a'), user('b')], rejected: [user('a'), user('c')] };
    const { rows, warnings } = await loadRows(toPairs, how(put([apart, fine, asking])));
    expect(rows).toHaveLength(1);
    expect(warnings).toEqual([
      expect.stringMatching(/^2 rows whose answers are not one turn of the assistant each.*They are left out/),
    ]);
    await expect(loadRows(toPairs, how(put([apart])))).rejects.toMatchObject(refused(/none of 1 rows/));
  });
});

describe('splits', () => {
  it('puts every prompt on one side only, whatever the rest of its row, and loses none', async () => {
    const path = put(Array.from({ length: 400 }, (_, i) => pair(i % 100, { chosen: `answer ${i}` })));
    const part = async (which: 'train' | 'held-out') =>
      (await loadRows(toPairs, how(path, { split: { holdOut: 0.2, part: which } }))).rows;
    const [train, held] = [await part('train'), await part('held-out')];
    const prompts = (rows: readonly FeedbackRow[]) => new Set(rows.map(keyOf));
    expect(train.length + held.length).toBe(400);
    expect([...prompts(train)].filter((key) => prompts(held).has(key))).toEqual([]);
    // binomial(100, 0.2): within four standard deviations
    expect(Math.abs(prompts(held).size - 20)).toBeLessThan(16);
  });
  it('is the same for a prompt alone, with a completion, with labels, as text or as a turn', () => {
    const rows = [
      { prompt: 'a', completions: [] },
      { prompt: [user('a')], completions: [{ text: 'b' }] },
      { prompt: 'a', completion: 'c' },
      { messages: [user('a'), said('d')] },
    ];
    expect(new Set(rows.map(keyOf))).toEqual(new Set([promptKey('a')]));
    expect(rows.map((row) => isHeldOut(row, 1))).toEqual([true, true, true, true]);
  });
});

describe('options', () => {
  it('reads no more rows than the limit', async () => {
    const path = put([...pairs(3), { nonsense: true }]);
    expect((await loadRows(toPairs, how(path, { limit: 2 }))).rows).toHaveLength(2);
  });
  it('renames columns, and ignores those that no shape knows', async () => {
    const path = put([{ question: 'a', text: 'noise', answer: 'b' }]);
    const { rows } = await loadRows(toExamples, how(path, { columns: { prompt: 'question', completion: 'answer' } }));
    expect(rows).toEqual([{ prompt: 'a', completion: 'b' }]);
  });
  it('reads numbers, truth and conversations out of CSV cells', async () => {
    const path = join(folder, 'cells.csv');
    writeFileSync(path, `prompt,completion,label\n"[{""role"":""user"",""content"":""a""}]",b,True\n[c],"d, e",0\n`);
    expect((await loadRows(toLabels, how(path))).rows).toEqual([
      { prompt: [user('a')], completions: [{ text: 'b', label: true }] },
      { prompt: '[c]', completions: [{ text: 'd, e', label: false }] },
    ]);
  });
  it.each([
    ['a column that no shape has', { columns: { promt: 'q' } }, /got 'promt'\. Did you mean 'prompt'/, 'bad-options'],
    [
      'a column that the file lacks',
      { columns: { prompt: 'promtp' } },
      /wanted the column 'promtp'.*Did you mean 'prompt'/,
      'bad-input',
    ],
    [
      'a shape without pairs',
      { shape: 'text' },
      /option 'shape': wanted one that gives preferences, got 'text'/,
      'bad-options',
    ],
    [
      'a shape that the rows lack',
      { shape: 'ranked' },
      /jsonl:1: wanted rows of ranked .* \(no completions\)/,
      'bad-input',
    ],
    ['a row of another shape', {}, /jsonl:3, 'chosen': wanted a text or a list of messages, got nothing/, 'bad-input'],
  ])('refuses %s', async (_, more, message, code) => {
    const path = put([...pairs(2), { prompt: 'a' }]);
    await expect(loadRows(toPairs, how(path, more))).rejects.toMatchObject(refused(message, code));
  });
});
