// The stage `arithmetic`: right answers, three sets without a common problem whichever way round, all of them when all are asked for.
import { createIngot, memoryStore } from '@ingot/core';
import { describe, expect, it } from 'vitest';
import { drawProblems, problemsThereAre, type Operation } from './arithmetic.js';
import { listOf } from './feedback/load-rows.js';
import { data } from './plugin.js';
import { documentsOf } from './text-value.js';

const split = (question: string) => {
  const [, terms = '', modulus] = /^\(?([-+*\d]+)\)?(?:%(\d+))?=$/.exec(question) ?? [];
  const operation = /[-+*]/.exec(terms)![0];
  return { operation, terms: terms.split(operation).map(Number), modulus };
};
const OF: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
};
/** The same for 17+5= and 5+17=. */
const same = (question: string) => {
  const { operation, terms } = split(question);
  return [operation, ...terms.toSorted((x, y) => x - y)].join(' ');
};
const operations = ['+', '-', '*'] as const satisfies readonly Operation[];

describe('problems', () => {
  it.each([
    ['two terms', { digits: 1, terms: 2, operations }, 165],
    ['three terms', { digits: 1, terms: 3, operations }, 660],
    ['modulo 7', { digits: 1, terms: 3, operations, modulus: 7 }, 660],
  ])('%s: all there are when all are asked for, with right answers', (_, how, count) => {
    expect(problemsThereAre(how)).toBe(count);
    const all = drawProblems(count, { ...how, key: [1, 2] });
    expect(new Set(all.map(({ question }) => same(question))).size).toBe(count);
    for (const { question, answer } of all) {
      const { operation, terms, modulus } = split(question);
      const result = terms.reduce(OF[operation]!);
      if (operation === '-') expect(terms[0]).toBe(Math.max(...terms));
      expect(modulus).toBe('modulus' in how ? '7' : undefined);
      if (modulus === undefined) expect(Number(answer)).toBe(result);
      else {
        expect(Math.abs((result - Number(answer)) % 7)).toBe(0);
        expect(Number(answer)).toBeGreaterThanOrEqual(0);
        expect(Number(answer)).toBeLessThan(7);
      }
    }
  });
  it('come in an order of their seed', () => {
    const of = (seed: number) => drawProblems(20, { digits: 2, terms: 2, operations: ['+'], key: [seed, 2] });
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
      const [a = 0, b = 0] = split(prompt as string).terms;
      expect(completions).toEqual([{ text: String(a + b), label: true }]);
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
