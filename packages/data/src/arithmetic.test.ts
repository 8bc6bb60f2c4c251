// The stage `arithmetic`: right answers, three sets without a common problem whichever way round, all of them when all are asked for.
import { createIngot, memoryStore } from '@ingot/core';
import { describe, expect, it } from 'vitest';
import { drawProblems, problemsThereAre, type Operation } from './arithmetic.js';
import { listOf } from './feedback/load-rows.js';
import { data } from './plugin.js';
import { documentsOf } from './text-value.js';

const parts = (question: string) => /^(\d+)([-+*])(\d+)=$/.exec(question)!.slice(1) as [string, Operation, string];
/** The same for 17+5= and 5+17=. */
const same = (question: string) => {
  const [a, operation, b] = parts(question);
  return [operation, ...[Number(a), Number(b)].toSorted((x, y) => x - y)].join(' ');
};

describe('problems', () => {
  const all = drawProblems(165, { digits: 1, operations: ['+', '-', '*'], key: [1, 2] });
  it('are all there are when all are asked for, with right answers', () => {
    expect(problemsThereAre(1, 3)).toBe(165);
    expect(new Set(all.map(({ question }) => same(question))).size).toBe(165);
    for (const { question, answer } of all) {
      const [a, operation, b] = parts(question);
      const [x, y] = [Number(a), Number(b)];
      expect(Number(answer)).toBe(operation === '+' ? x + y : operation === '-' ? x - y : x * y);
      expect(Number(answer)).toBeGreaterThanOrEqual(0);
    }
  });
  it('come in an order of their seed', () => {
    const of = (seed: number) => drawProblems(20, { digits: 2, operations: ['+'], key: [seed, 2] });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });
});

describe('the stage', () => {
  const ingot = createIngot({ plugins: [data] });
  const made = (how: object, seed = 1) =>
    ingot
      .pipeline('sums', (g) => g.add('arithmetic', {}, how), { seed })
      .run({ store: memoryStore() })
      .result();
  it('gives examples, prompts and questions that share no problem, the answers beside them', async () => {
    const { text, examples, prompts, solved, questions } = await made({
      digits: 1,
      examples: 20,
      prompts: 25,
      questions: 10,
    });
    const rows = [...(await listOf(prompts)), ...(await listOf(questions))];
    const asked = rows.map(({ prompt }) => prompt as string);
    const taught = (await listOf(examples)).map((row) => ('prompt' in row ? row.prompt : ''));
    expect(new Set([...asked, ...taught].map(same)).size).toBe(55); // all there are: none is in two sets
    for (const { prompt, completions } of rows) {
      const [a, , b] = parts(prompt as string);
      expect(completions).toEqual([{ text: String(Number(a) + Number(b)), label: true }]);
    }
    expect((await listOf(solved)).map((row) => ('prompt' in row ? row.prompt : ''))).toEqual(asked.slice(0, 25));
    expect((await documentsOf(text)).map((line) => `${line.split('=')[0]}=`)).toEqual(taught);
  });
  it('draws others for another seed', async () => {
    const first = async (seed: number) => (await listOf((await made({}, seed)).questions))[0];
    expect(await first(1)).toEqual(await first(1));
    expect(await first(1)).not.toEqual(await first(2));
  });
  it('refuses more problems than there are', async () => {
    await expect(made({ digits: 1, examples: 40, prompts: 10, questions: 6 })).rejects.toThrow(
      /wanted 56 different problems \(40 examples, 10 prompts, 6 questions\).*there are 55/,
    );
  });
});
