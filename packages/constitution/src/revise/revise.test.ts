// Critique and revision with a scripted model: the transcript word for word, what is dropped, which principle is chosen, the report.
import { describe, expect, it } from 'vitest';
import { drawn, principlesOf } from '../principles/choose.js';
import { constitutionDigest, constitutionSchema, type Constitution } from '../principles/constitution.js';
import { constitutionOption, constitutions } from '../principles/packs.js';
import { scripted } from '../world.fixture.js';
import { finalAnswer, reviseBlock, type Transcript } from './revise.js';
import { addOutcome, addVerdict, freshTally, reviseReport, sharedWords } from './tally.js';

const two: Constitution = constitutionSchema.parse({
  name: 'two',
  version: 3,
  principles: [
    { id: 'kind', critique: 'Is it kind?', revision: 'Be kind.', preference: 'Choose the kinder.' },
    { id: 'short', critique: 'Is it short?', revision: 'Be short.', preference: 'Choose the shorter.' },
  ],
});
/** Kind revisions add "please", short ones keep three words; what is there already stays. */
const script = (last: string, all: readonly string[]): string | undefined => {
  const answer =
    all.findLast((turn, at) => turn.startsWith('assistant: ') && all[at + 1]?.endsWith('?'))?.slice(11) ?? '';
  if (last === 'Is it kind?') return answer.includes('please') ? 'It is.' : 'It is curt.';
  if (last === 'Is it short?') return 'It could be shorter.';
  if (last === 'Be kind.') return answer.includes('please') ? answer : `please ${answer}`;
  if (last === 'Be short.') return answer.split(' ').slice(0, 3).join(' ');
  if (last === 'too long') return undefined;
  return last === 'silence' ? '' : `go away with your ${last}`;
};
const block = (prompts: readonly string[], how: 'one' | 'all' = 'all', rounds = 1) =>
  prompts.map((prompt, place) => ({ place, prompt, principles: principlesOf(two, how, { seed: 1, place, rounds }) }));

describe('the transcript', () => {
  it('is this one, word for word', async () => {
    const speaker = scripted(script);
    const [made] = await reviseBlock(speaker, block(['tea']));
    expect(made).toEqual({
      place: 0,
      prompt: [{ role: 'user', content: 'tea' }],
      first: 'go away with your tea',
      read: 9,
      written: 21,
      rounds: [
        {
          principle: 'kind',
          critique: 'It is curt.',
          before: 'go away with your tea',
          after: 'please go away with your tea',
          read: 60 + 98,
          written: 39,
        },
        {
          principle: 'short',
          critique: 'It could be shorter.',
          before: 'please go away with your tea',
          after: 'please go away',
          read: 68 + 116,
          written: 34,
        },
      ],
    });
    expect(speaker.asked).toEqual([
      ['user: tea'],
      ['user: tea', 'assistant: go away with your tea', 'user: Is it kind?'],
      [
        'user: tea',
        'assistant: go away with your tea',
        'user: Is it kind?',
        'assistant: It is curt.',
        'user: Be kind.',
      ],
      ['user: tea', 'assistant: please go away with your tea', 'user: Is it short?'],
      [
        'user: tea',
        'assistant: please go away with your tea',
        'user: Is it short?',
        'assistant: It could be shorter.',
        'user: Be short.',
      ],
    ]);
  });
  it('does not depend on the block, and shots stand before every critique, never before the answer', async () => {
    const prompts = ['tea', 'bread', 'milk'];
    const all = await reviseBlock(scripted(script), block(prompts, 'one', 2));
    const apart = await Promise.all(block(prompts, 'one', 2).map((one) => reviseBlock(scripted(script), [one])));
    expect(apart.flat()).toEqual(all);
    const speaker = scripted(script);
    await reviseBlock(speaker, block(['tea'], 'one'), [{ role: 'user', content: 'shown' }]);
    expect(speaker.asked.map(([first]) => first)).toEqual(['user: tea', 'user: shown', 'user: shown']);
  });
  it('prompts without an answer or a revision are dropped, with why; the others stay in their places', async () => {
    const speaker = scripted((last, all) =>
      last === 'Be kind.' && all[0] === 'user: stubborn' ? '' : script(last, all),
    );
    const made = await reviseBlock(speaker, block(['too long', 'tea', 'silence', 'stubborn']));
    expect(made.map((one) => ('dropped' in one ? one.dropped : finalAnswer(one)))).toEqual([
      'too long',
      'please go away',
      'no answer',
      'no revision',
    ]);
  });
});

describe('principles', () => {
  it('are drawn by seed, place and round, each about as often', () => {
    const counts = [0, 0, 0, 0, 0, 0];
    for (let place = 0; place < 3000; place++) counts[drawn(7, place, 0, 6)]!++;
    // 500 each; a standard deviation is 20.4
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(85);
    expect(drawn(7, 1, 0, 6)).toBe(drawn(7, 1, 0, 6));
    expect(new Set(Array.from({ length: 30 }, (_, seed) => drawn(seed, 1, 0, 6))).size).toBe(6);
  });
  it('all: the constitution in its order, as often as there are rounds', () =>
    expect(principlesOf(two, 'all', { seed: 1, place: 0, rounds: 2 }).map(({ id }) => id)).toEqual([
      'kind',
      'short',
      'kind',
      'short',
    ]));
  it('packs have the form, ids that differ, and digests that a word changes', () => {
    for (const one of Object.values(constitutions)) expect(constitutionSchema.parse(one)).toEqual(one);
    const { health } = constitutions;
    expect(constitutionDigest(health)).not.toBe(
      constitutionDigest({ ...health, principles: health.principles.slice(1) }),
    );
    expect(constitutionOption.parse('health')).toBe(health);
    expect(constitutionOption.parse(undefined)).toBe(constitutions.general);
    expect(constitutionOption.parse(two)).toEqual(two);
    expect(constitutionOption.safeParse({ ...two, principles: [...two.principles, two.principles[0]] }).success).toBe(
      false,
    );
  });
});

describe('the report', () => {
  it('says which principle changed which answer, how much stayed, and the tokens', async () => {
    const tally = freshTally(two);
    const made = await reviseBlock(scripted(script), block(['tea', 'please', 'silence']));
    for (const outcome of made) addOutcome(tally, outcome);
    const { rows, notes } = reviseReport(tally, two);
    expect(rows.map(({ name, values }) => [name, values['applied'], values['changed'], values['answers']])).toEqual([
      ['kind', 2, 1, '0'],
      ['short', 2, 2, '0 1'],
      ['first answers', 3, undefined, undefined],
    ]);
    expect(rows[0]?.values['words kept']).toBeCloseTo(10 / 11, 4);
    const rounds = (made as readonly Transcript[]).slice(0, 2).map((one) => one.rounds[0]!);
    expect(rows[0]?.values['tokens written']).toBe(rounds[0]!.written + rounds[1]!.written);
    expect(notes[0]).toContain(constitutionDigest(two));
    expect(notes[1]).toBe('2 examples of 3 prompts, 2 of them changed; dropped: 1 no answer.');
  });
  it('with verdicts it has the win rate of each principle, ties for half, and why some are missing', async () => {
    const tally = freshTally(two);
    for (const outcome of await reviseBlock(scripted(script), block(['tea', 'bread']))) addOutcome(tally, outcome);
    for (const probability of [0.9, 0.6, 0.5, 0.1])
      addVerdict(tally, 'kind', { probability, positions: [probability, probability] });
    addVerdict(tally, 'kind', { missing: 'no answer within 20 ms' });
    const { rows, notes } = reviseReport(tally, two);
    // 2.5 of 4: (0.625 + z²/8 ± z·√(0.625·0.375/4 + z²/64)) / (1 + z²/4), z = 1.959964
    expect(rows[0]?.values).toMatchObject({ judged: 4, missing: 1, 'win rate': 0.625, low: 0.2194, high: 0.9081 });
    expect(rows[1]?.values).not.toHaveProperty('judged');
    expect(notes.at(-1)).toMatch(/win rate.*No verdict, the first: no answer within 20 ms/);
    expect(reviseReport(freshTally(two), two).notes).toHaveLength(3);
  });
  it('shared words are counted as a multiset', () => {
    expect([sharedWords('a b b', 'b B c'), sharedWords('', ''), sharedWords('a', 'b')]).toEqual([2 / 3, 1, 0]);
  });
});
