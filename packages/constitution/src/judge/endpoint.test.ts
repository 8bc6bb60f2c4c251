// The endpoint judge against a local server: log-probabilities, retries, budget, keys that stay hidden, and a run repeated without the network.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJudge } from '@ingot/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { softLabel } from '../prefer/soft-label.js';
import type { Surroundings } from './client.js';
import { endpointJudge, judgeByEndpoint, verdictOf } from './endpoint.js';
import { openRecording } from './recorded.js';

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}
const replies: Reply[] = [];
const seen: {
  readonly headers: IncomingMessage['headers'];
  readonly body: { messages: { content: string }[]; model: string };
}[] = [];
const told = (a: number, b: number) => ({
  choices: [
    {
      message: { content: 'A' },
      logprobs: {
        content: [
          {
            top_logprobs: [
              { token: 'A', logprob: Math.log(a) },
              { token: ' B', logprob: Math.log(b) },
              { token: 'C', logprob: -1 },
            ],
          },
        ],
      },
    },
  ],
  usage: { total_tokens: 50 },
});
const words = (content: string) => ({ choices: [{ message: { content } }] });
let server: Server;
let url = '';
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    seen.push({ headers: request.headers, body: JSON.parse(text) as (typeof seen)[number]['body'] });
    const { status = 200, headers = {}, body } = replies.shift() ?? { body: told(0.3, 0.1) };
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1`;
});
afterAll(() => new Promise((closed) => server.close(closed)));
beforeEach(() => {
  replies.length = 0;
  seen.length = 0;
});

const KEY = 'sk-test-only';
const question = { prompt: 'Say hi.', first: 'hi {second}', second: 'no' };
const about = (change: Partial<Surroundings> = {}): Surroundings => ({
  env: { MY_KEY: KEY },
  recording: openRecording(undefined),
  offline: false,
  ...change,
});
const open = (change: Partial<Surroundings> = {}, budget = { requests: 10, tokens: 1000 }, retries = 2) =>
  openJudge(
    judgeByEndpoint({ url, keyVariable: 'MY_KEY', retries, waitMs: 1, budget, model: 'm' }, () => about(change)),
  );

describe('what it asks and hears', () => {
  it('p = p(A) / (p(A) + p(B)), the key in the header alone, answers as they are', async () => {
    const judge = await open();
    expect(await judge.ask(question)).toBeCloseTo(0.75, 12);
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(seen[0]?.body).toMatchObject({ model: 'm', max_tokens: 4, temperature: 0, logprobs: true, top_logprobs: 5 });
    expect(seen[0]?.body.messages[0]?.content).toContain('Answer A:\nhi {second}\n\nAnswer B:\nno');
  });
  it('a text without log-probabilities is 1 or 0; nonsense is refused', () => {
    for (const [text, p] of [
      ['A', 1],
      ['B.', 0],
      [' "B"', 0],
      ['Answer A is better', 1],
    ] as const)
      expect(verdictOf(words(text))).toBe(p);
    for (const text of ['Both', 'Bees', '', 'I think'])
      expect(() => verdictOf(words(text))).toThrow(/asked for A or B/);
  });
  it('swapped, an endpoint that always says A is a tie', async () => {
    replies.push({ body: words('A') }, { body: words('A') });
    const judge = await open();
    expect(
      await softLabel(judge.ask, question, { signal: new AbortController().signal, timeoutMs: 1000, retries: 0 }),
    ).toMatchObject({ probability: 0.5 });
  });
});

describe('failures', () => {
  it('busy and broken answers are tried again; after the last try it says what was got', async () => {
    replies.push({ status: 429, headers: { 'retry-after': '0' }, body: {} }, { status: 503, body: {} });
    expect(await (await open()).ask(question)).toBeCloseTo(0.75, 12);
    expect(seen).toHaveLength(3);
    replies.push(...Array.from({ length: 3 }, () => ({ status: 500, body: { error: 'down' } })));
    await expect((await open()).ask(question)).rejects.toMatchObject({
      code: 'endpoint-failed',
      message: expect.stringMatching(/failed 3 times; the last: status 500.*down/),
    });
  });
  it('a refusal is not tried again, and the key never stands in an error', async () => {
    replies.push({ status: 401, body: { error: 'who are you' } });
    const judge = await open();
    const failed = await (async () => judge.ask(question))().then(String, (error: Error) => error);
    expect(failed).toMatchObject({ code: 'endpoint-refused', message: expect.stringContaining('401') });
    expect(String(failed)).not.toContain(KEY);
    expect(seen).toHaveLength(1);
    await expect((await open({ env: {} })).ask(question)).rejects.toMatchObject({
      code: 'missing-service',
      message: expect.stringContaining('MY_KEY'),
    });
  });
  it('another form, and a connection that is refused', async () => {
    replies.push({ body: { hello: 1 } });
    await expect((await open()).ask(question)).rejects.toThrow(/another form than chat completions/);
    const nobody = await openJudge(
      judgeByEndpoint(
        {
          url: 'http://127.0.0.1:9/v1',
          keyVariable: 'MY_KEY',
          retries: 0,
          waitMs: 1,
          budget: { requests: 9, tokens: 9 },
          model: 'm',
        },
        () => about(),
      ),
    );
    await expect(nobody.ask(question)).rejects.toMatchObject({ code: 'endpoint-failed' });
  });
  it('the budget of requests and of tokens ends the work, not a verdict', async () => {
    const few = await open({}, { requests: 2, tokens: 1000 });
    const how = { signal: new AbortController().signal, timeoutMs: 1000, retries: 3 };
    await softLabel(few.ask, question, how);
    await expect(softLabel(few.ask, { ...question, second: 'other' }, how)).rejects.toMatchObject({
      code: 'budget-spent',
    });
    const small = await open({}, { requests: 100, tokens: 60 });
    await softLabel(small.ask, question, how);
    await expect(small.ask({ ...question, second: 'other' })).rejects.toThrow(/2 of 100 requests and 100 of 60 tokens/);
  });
});

describe('recorded answers', () => {
  it('a run is repeated without the network and without a key; a new question says what to do; a torn line is mended', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'ingot-endpoint-')), 'answers.jsonl');
    const first = await (await open({ recording: openRecording(path) })).ask(question);
    expect(seen).toHaveLength(1);
    expect(readFileSync(path, 'utf8')).not.toContain(KEY);
    const away = await open({ recording: openRecording(path), offline: true, env: {} });
    expect(await away.ask(question)).toBe(first);
    await expect(away.ask({ ...question, second: 'new' })).rejects.toThrow(/not among the recorded answers/);
    expect(seen).toHaveLength(1);
    writeFileSync(path, `${readFileSync(path, 'utf8')}{"request": "abc", "ans`);
    const again = await open({ recording: openRecording(path) });
    expect(await again.ask(question)).toBe(first);
    await again.ask({ ...question, second: 'new' });
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });
  it('a line that is no answer in the middle is refused', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'ingot-endpoint-')), 'answers.jsonl');
    writeFileSync(path, 'what\n{"request":"a","answer":1}\n');
    expect(() => openRecording(path)).toThrow(/line 1: no recorded answer/);
  });
  it('the part takes the name of a variable, never a key', () => {
    const options = { url: 'https://api.example.com/v1', model: 'm' };
    expect(endpointJudge.options.safeParse(options).success).toBe(true);
    expect(endpointJudge.options.safeParse({ ...options, keyVariable: KEY }).success).toBe(false);
    expect(endpointJudge.options.safeParse({ ...options, url: 'file:///x' }).success).toBe(false);
  });
});
