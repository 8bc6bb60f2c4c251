// The user's own tasks: rows and their errors by line, few-shot prompts, extraction and spelling of answers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvaluatedModel, GenerateRequest, LikelihoodRequest } from '@ingot/contracts';
import { fakeEvaluator, fakeModel, fakeText } from '@ingot/contracts/fakes';
import { extractAnswer, NORMALISE } from '@ingot/text';
import { afterAll, describe, expect, it, test } from 'vitest';
import { measureAll, measureValue } from '../index.js';
import { exactMatchMeasures } from './exact-match.js';
import { shotsBefore } from './few-shot.js';
import { bitsPerByteTask, exactMatchTask, multipleChoiceTask, perplexityTask, taskFile } from './parts.js';
import { filesOf, fingerprintTasks } from './read-file.js';
import { parseTaskRows } from './rows.js';
import { wordCount } from './text-measures.js';

const folder = mkdtempSync(join(tmpdir(), 'ingot-tasks-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, ...lines: readonly (string | object)[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return path;
};

/** A model that hears what it is asked and says what it is told. */
function scripted(answers: readonly string[] = []) {
  const asked: { likelihood: LikelihoodRequest[]; generate: GenerateRequest[] } = { likelihood: [], generate: [] };
  const model: EvaluatedModel = {
    // The shortest continuation is the likeliest.
    logLikelihood: async (requests) => {
      asked.likelihood.push(...requests);
      return requests.map(({ continuation }) => ({ logProbability: -continuation.length, tokens: 1, greedy: false }));
    },
    rollingLogLikelihood: async (texts) =>
      texts.map((text) => ({ logProbability: -text.length * Math.LN2, tokens: text.length, bytes: text.length })),
    generateUntil: async (requests) => {
      asked.generate.push(...requests);
      return requests.map((_, i) => answers[i] ?? '');
    },
    dispose: () => undefined,
  };
  return { asked, model };
}
const made = {
  delimiter: ' ',
  fewShot: 0,
  sampler: 'random',
  seed: 0,
  separator: '\n\n',
  normalise: 'trim',
  take: 'first',
  tokens: 8,
} as const;

describe('rows', () => {
  it('are told apart by their keys', () => {
    const rows = parseTaskRows(
      [
        '{"text": "Call me"}',
        '',
        '{"prompt": "p", "choices": ["a", "b"], "answer": 1}',
        '{"prompt": "p", "choices": ["a", "b"], "answer": "a", "id": 7}',
        '{"prompt": "2+2=", "answer": 4}',
        '{"prompt": "q", "target": ["x", "y"], "until": ".", "extract": "(\\\\w)"}',
      ].join('\r\n'),
      'tasks.jsonl',
    );
    expect(rows).toEqual([
      { kind: 'text', line: 1, text: 'Call me' },
      { kind: 'choice', line: 3, prompt: 'p', choices: ['a', 'b'], answer: 1 },
      { kind: 'choice', line: 4, prompt: 'p', choices: ['a', 'b'], answer: 0 },
      { kind: 'generate', line: 5, prompt: '2+2=', targets: ['4'], until: ['\n\n'], extract: undefined },
      { kind: 'generate', line: 6, prompt: 'q', targets: ['x', 'y'], until: ['.'], extract: '(\\w)' },
    ]);
  });
  it.each([
    ['{"text"', /^tasks\.jsonl, line 2: wanted one JSON object, got .*JSON/],
    ['[1]', /line 2: wanted an object: \{text\}.*got a list/],
    ['7', /line 2: .*got 7/],
    ['{"prompt": "p", "choices": ["a"], "answer": 0}', /line 2: wanted \{prompt, choices, answer\}, got .*choices/],
    ['{"prompt": "p", "choices": ["a", "b"], "answer": 2}', /line 2: .*index from 0 to 1, got 2/],
    ['{"prompt": "p", "choices": ["a", "b"], "answer": "c"}', /line 2: .*one of the choices.*got "c"/],
    ['{"prompt": "p", "awnser": "c"}', /line 2: .*got a key 'awnser'.*answer/],
    ['{"prompt": "p"}', /line 2: wanted either 'answer' or 'target', got neither/],
    ['{"prompt": "p", "answer": "a", "target": "a"}', /line 2: .*got both/],
    ['{"prompt": "p", "answer": "a", "extract": "("}', /line 2: wanted a regular expression in 'extract', got "\("/],
  ])('refuses %s', (line, message) => {
    let error: unknown;
    try {
      parseTaskRows(`{"text": "fine"}\n${line}`, 'tasks.jsonl');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'bad-input', message: expect.stringMatching(message) });
  });
  it('refuses an empty file, and a kind that is not asked for', () => {
    expect(() => parseTaskRows('\n', 'e.jsonl')).toThrow(/e\.jsonl: wanted lines of/);
    expect(() => parseTaskRows('{"text": "a"}', 'e.jsonl', ['choice'])).toThrow(
      /e\.jsonl, line 1: wanted \{prompt, choices, answer\}, got a row of the form \{text\}/,
    );
  });
});

describe('answers', () => {
  const GSM8K = ['#### (\\-?[0-9\\.\\,]+)', '(-?[$0-9.,]{2,})|(-?[0-9]+)'] as const;
  it.each([
    [GSM8K[0], 'first', 'So 3 + 4 is\n#### 7', '7'],
    [GSM8K[0], 'first', 'It is #### -1,200.5 dollars', '-1,200.5'],
    [GSM8K[0], 'first', 'It is 7', undefined],
    [GSM8K[1], 'last', 'First 12, then $1,300 and then 8', '8'],
    [GSM8K[1], 'last', 'It costs $18', '$18'],
    ['b.', 'last', 'ba bb', 'bb'],
  ] as const)('%s takes the %s of %j: %j', (pattern, take, text, wanted) => {
    expect(extractAnswer(text, new RegExp(pattern, 'g'), take)).toBe(wanted);
  });
  it('are spelt exactly, trimmed or loosely', () => {
    expect(NORMALISE.exact(' A.')).toBe(' A.');
    expect(NORMALISE.trim(' A. ')).toBe('A.');
    expect(NORMALISE.loose('  The “Whale”,\n sank! ')).toBe('the whale sank');
  });
  it('match any target', async () => {
    const items = ['4', 'four', 'five'].map(() => ({ prompt: 'p', targets: ['4', 'Four'], until: ['\n'] }));
    const { model, asked } = scripted([' 4', 'four', 'five']);
    const value = async (normalise: 'exact' | 'trim' | 'loose') =>
      Promise.all((await exactMatchMeasures(model, items, { normalise })).map((one) => measureValue(one)));
    expect(await value('exact')).toEqual([0]);
    expect(await value('trim')).toEqual([1 / 3]);
    expect(await value('loose')).toEqual([2 / 3]);
    expect(asked.generate[0]).toEqual({ prompt: 'p', until: ['\n'], tokens: 256 });
  });
});

describe('few-shot examples', () => {
  const rows = parseTaskRows(
    Array.from({ length: 6 }, (_, i) => `{"prompt": "q${i}", "answer": "a${i}"}`).join('\n'),
    'f',
  );
  const how = { ...made, fewShot: 2 };
  it('in order, without the item itself', () => {
    expect(shotsBefore(rows[0]!, 0, rows, { ...how, sampler: 'first' })).toBe('q1 a1\n\nq2 a2\n\n');
    expect(shotsBefore(rows[4]!, 4, rows, { ...how, sampler: 'first' })).toBe('q0 a0\n\nq1 a1\n\n');
    expect(shotsBefore(rows[4]!, 4, rows, made)).toBe('');
  });
  it('by a seeded draw for each item', () => {
    const drawn = rows.map((row, i) => shotsBefore(row, i, rows, how));
    expect(rows.map((row, i) => shotsBefore(row, i, rows, how))).toEqual(drawn);
    expect(rows.map((row, i) => shotsBefore(row, i, rows, { ...how, seed: 1 }))).not.toEqual(drawn);
    drawn.forEach((shots, i) => {
      expect(shots).not.toContain(`q${i}`);
      expect(new Set(shots.match(/q\d/g)).size).toBe(2);
    });
    expect(new Set(drawn).size).toBeGreaterThan(3);
    expect(shotsBefore(rows[0]!, 0, rows, { ...how, fewShot: 99 }).match(/q\d/g)).toHaveLength(5);
  });
});

describe('the parts', () => {
  it('jsonl: each kind by its verb, the pattern of the task where a row has none', async () => {
    const path = file(
      'mixed.jsonl',
      { text: 'abcd' },
      { prompt: 'Q:', choices: ['yes', 'no'], answer: 'no' },
      { prompt: 'Q:', choices: ['yes', 'no'], answer: 'yes' },
      { prompt: '1+1=', answer: 2 },
      { prompt: 'Say', answer: 'a', extract: '^.' },
    );
    const { model, asked } = scripted(['the answer is 2', 'abc']);
    const task = taskFile({ path, extract: '\\d+' });
    expect(await measureAll([task], model)).toEqual({
      'mixed.jsonl/bits_per_byte': 1,
      'mixed.jsonl/acc': 0.5,
      'mixed.jsonl/acc_norm': expect.any(Number),
      'mixed.jsonl/acc_bytes': expect.any(Number),
      'mixed.jsonl/exact_match': 1,
    });
    expect(asked.likelihood.map(({ context, continuation }) => context + continuation)).toEqual([
      'Q: yes',
      'Q: no',
      'Q: yes',
      'Q: no',
    ]);
  });
  it('multiple-choice and exact-match take only their own rows; examples may come from another file', async () => {
    const path = file('mc.jsonl', { prompt: 'Q:', choices: ['yes', 'no'], answer: 'no' });
    const shots = file('dev.jsonl', { prompt: 'D:', choices: ['a', 'b'], answer: 1 });
    const { model, asked } = scripted();
    const task = multipleChoiceTask.make({ ...made, path, shots, fewShot: 1 } as never, {} as never) as never;
    await measureAll([task], model);
    expect(asked.likelihood[0]).toEqual({ context: 'D: b\n\nQ:', continuation: ' yes' });
    const wrong = exactMatchTask.make({ ...made, path } as never, {} as never) as never;
    await expect(measureAll([wrong], model)).rejects.toThrow(/mc\.jsonl, line 1: wanted \{prompt, answer\}/);
    await expect(measureAll([task, task], model)).rejects.toMatchObject({ code: 'duplicate' });
  });
  it('bits-per-byte and perplexity: from a file, JSON lines, or the port', async () => {
    const { model } = scripted();
    const at = (path?: string) => bitsPerByteTask.make({ path } as never, {} as never) as never;
    expect(await measureAll([at(file('a.txt', 'some text'))], model)).toEqual({ 'bits-per-byte/bits_per_byte': 1 });
    expect(await measureAll([at(file('b.jsonl', { text: 'ab' }, { text: 'cd' }))], model)).toEqual({
      'bits-per-byte/bits_per_byte': 1,
    });
    const text = fakeText(['one two', 'three']);
    const perplexity = perplexityTask.make({} as never, {} as never) as never;
    const numbers = await measureAll([perplexity], model, undefined, { text });
    expect(numbers['perplexity/byte_perplexity']).toBeCloseTo(2, 12);
    expect(numbers['perplexity/word_perplexity']).toBeCloseTo(2 ** (12 / 3), 10);
    await expect(measureAll([at()], model)).rejects.toThrow(/wanted text, got none/);
    await expect(measureAll([at(join(folder, 'none.txt'))], model)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(measureAll([perplexity], model, undefined, { text: fakeText(['']) })).rejects.toThrow(/without/);
    const fake = await fakeEvaluator().open(fakeModel());
    expect(await measureAll([at()], fake, undefined, { text })).toEqual({ 'bits-per-byte/bits_per_byte': 8 });
  });
  test('words are counted as the harness counts them', () => {
    expect(['a b', ' a b', 'a\n\nb', 'one'].map(wordCount)).toEqual([2, 3, 2, 1]);
  });
  it("the stage's fingerprint follows the content of the files that tasks name", async () => {
    const path = file('c.txt', 'one');
    const chosen = [{ part: {}, options: { path, shots: path } }, { value: 'inline' }, undefined];
    expect(filesOf(chosen)).toEqual([path, path]);
    const before = await fingerprintTasks(chosen);
    expect(await fingerprintTasks(chosen)).toBe(before);
    file('c.txt', 'two');
    expect(await fingerprintTasks(chosen)).not.toBe(before);
  });
});
