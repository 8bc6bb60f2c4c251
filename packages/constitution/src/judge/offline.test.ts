// A whole pipeline that asks an endpoint, repeated without the network and without a key: the same rows from the recorded answers; the surroundings come from the environment.
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FeedbackRow, RowsValue } from '@ingot/contracts';
import { memoryStore } from '@ingot/core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { ingot } from '../world.fixture.js';

const KEY = 'sk-only-in-the-environment';
let asked = 0;
let server: Server;
let url = '';
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    asked++;
    const body = JSON.parse(text) as { messages: { content: string }[] };
    const known = request.headers.authorization === `Bearer ${KEY}`;
    const content = /Answer A:\na longer/.test(body.messages[0]?.content ?? '') ? 'A' : 'B';
    response
      .writeHead(known ? 200 : 401)
      .end(JSON.stringify(known ? { choices: [{ message: { content } }], usage: { total_tokens: 9 } } : {}));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1`;
});
afterAll(() => new Promise((closed) => server.close(closed)));
afterEach(() => vi.unstubAllEnvs());

const rowsOf = async (how: object = {}): Promise<readonly FeedbackRow[]> => {
  const { feedback } = (await ingot
    .fromRecipe({
      name: 'offline',
      stages: {
        model: { use: 'a-chat-model' },
        prompts: { use: 'some-prompts', how: { count: 3, given: true } },
        prefer: {
          use: 'ai-feedback',
          from: { model: 'model.model', prompts: 'prompts.prompts' },
          how: {
            sampler: [],
            retries: 0,
            judge: { use: 'endpoint', url, model: 'm', keyVariable: 'A_TEST_KEY', waitMs: 0, ...how },
          },
        },
      },
      outputs: { feedback: 'prefer.feedback' },
    })
    .run({ store: memoryStore() })
    .result()) as { feedback: RowsValue<FeedbackRow> };
  const rows: FeedbackRow[] = [];
  for await (const row of feedback.read()) rows.push(row);
  return rows;
};

it('is asked once for each order of each pair, and never again', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'ingot-offline-')), 'answers.jsonl');
  vi.stubEnv('A_TEST_KEY', KEY);
  vi.stubEnv('INGOT_RECORDINGS', path);
  const first = await rowsOf();
  expect(first.map(({ completions }) => completions[0]?.text)).toEqual([0, 1, 2].map((i) => `a longer answer ${i}`));
  expect(asked).toBe(6);
  expect(readFileSync(path, 'utf8')).not.toContain(KEY);

  vi.stubEnv('A_TEST_KEY', '');
  vi.stubEnv('INGOT_OFFLINE', '1');
  expect(await rowsOf()).toEqual(first);
  expect(asked).toBe(6);
  // another question was never recorded
  await expect(rowsOf({ template: '{prompt} {first} {second}?' })).rejects.toThrow(/not among the recorded answers/);
  vi.stubEnv('INGOT_OFFLINE', '');
  await expect(rowsOf({ template: '{prompt} {first} {second}?' })).rejects.toThrow(/wants a key .*A_TEST_KEY/);
  expect(asked).toBe(6);
});

it('stops at its budget, in the middle of a stage', async () => {
  vi.stubEnv('A_TEST_KEY', KEY);
  const before = asked;
  await expect(rowsOf({ maxRequests: 3 })).rejects.toThrow(/3 of 3 requests/);
  expect(asked - before).toBe(3);
});
