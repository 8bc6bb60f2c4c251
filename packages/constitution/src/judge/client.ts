// One request to an OpenAI-compatible endpoint: key from the environment, retries with waiting, a budget, recorded answers first.
import { setTimeout as sleep } from 'node:timers/promises';
import { IngotError, messageOf } from '@ingot/core';
import * as z from 'zod';
import type { Recording } from './recorded.js';

const answerSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({ content: z.string().nullable().optional() }),
        logprobs: z
          .looseObject({
            content: z
              .array(
                z.looseObject({
                  top_logprobs: z.array(z.looseObject({ token: z.string(), logprob: z.number() })).default([]),
                }),
              )
              .nullable()
              .optional(),
          })
          .nullable()
          .optional(),
      }),
    )
    .min(1),
  usage: z.looseObject({ total_tokens: z.int().nonnegative().optional() }).nullable().optional(),
});
export type EndpointAnswer = z.output<typeof answerSchema>;

export interface Endpoint {
  /** Up to and with '/v1'. */
  readonly url: string;
  /** The name of the environment variable that holds the key. */
  readonly keyVariable: string;
  readonly retries: number;
  /** Before the first retry; doubled for each after it, unless the endpoint says `retry-after`. */
  readonly waitMs: number;
  readonly budget: { readonly requests: number; readonly tokens: number };
}
export interface Spent {
  requests: number;
  tokens: number;
}
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly recording: Recording;
  /** Only recorded answers: the network is not asked. */
  readonly offline: boolean;
}

/** Worth another try: too many requests, timeouts, the endpoint's own failures. */
const passing = (status: number): boolean => status === 408 || status === 429 || status >= 500;
/** Most that is waited for one retry. */
const MOST_WAIT = 60_000;

/**
 * A function that sends requests to `<url>/chat/completions`. Throws 'missing-service' without a key, 'budget-spent', 'bad-input' for an answer of
 * another form, 'endpoint-refused' for what no retry mends, 'endpoint-failed' after the last try. Keys never stand in errors or recordings.
 */
export const openEndpoint = (endpoint: Endpoint, { env, recording, offline }: Surroundings) => {
  const { url, keyVariable, retries, waitMs, budget } = endpoint;
  const spent: Spent = { requests: 0, tokens: 0 };
  const where = `The endpoint ${url}`;

  const once = async (request: object, signal: AbortSignal | undefined): Promise<Response> => {
    if (spent.requests >= budget.requests || spent.tokens >= budget.tokens)
      throw new IngotError(
        'budget-spent',
        `${where}: ${spent.requests} of ${budget.requests} requests and ${spent.tokens} of ${budget.tokens} tokens are spent. Raise maxRequests or maxTokens; what was recorded is not asked again.`,
      );
    const key = env[keyVariable];
    if (!key)
      throw new IngotError(
        'missing-service',
        `${where} wants a key in the environment variable ${keyVariable}, got none. Set it, or name another (keyVariable).`,
      );
    spent.requests++;
    return fetch(`${url.replace(/\/+$/, '')}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(request),
      ...(signal ? { signal } : {}),
    });
  };

  const send = async (
    request: object,
    signal: AbortSignal | undefined,
  ): Promise<z.output<ReturnType<typeof z.json>>> => {
    let last = '';
    for (let attempt = 0; attempt <= retries; attempt++) {
      let wait = Math.min(MOST_WAIT, waitMs * 2 ** attempt);
      try {
        const response = await once(request, signal);
        if (response.ok) return z.json().parse(await response.json());
        last = `status ${response.status}: ${(await response.text()).slice(0, 200)}`;
        if (!passing(response.status))
          throw new IngotError(
            'endpoint-refused',
            `${where} refused: ${last}. Look at the key, the model's name and the url.`,
          );
        const after = Number(response.headers.get('retry-after'));
        if (after > 0) wait = Math.min(MOST_WAIT, after * 1000);
      } catch (error) {
        signal?.throwIfAborted();
        if (IngotError.is(error)) throw error;
        last = messageOf(error);
      }
      if (attempt < retries) await sleep(wait, undefined, signal ? { signal } : {});
    }
    throw new IngotError(
      'endpoint-failed',
      `${where} failed ${retries + 1} times; the last: ${last}. Try later, or raise retries.`,
    );
  };

  return {
    spent,
    async ask(request: object, signal?: AbortSignal): Promise<EndpointAnswer> {
      const known = recording.get(request);
      if (known === undefined && offline)
        throw new IngotError(
          'missing-service',
          `${where} was not asked (INGOT_OFFLINE is set), and this question is not among the recorded answers. Record it first: INGOT_RECORDINGS names the file.`,
        );
      const raw = known ?? (await send(request, signal));
      const parsed = answerSchema.safeParse(raw);
      if (!parsed.success)
        throw new IngotError(
          'bad-input',
          `${where} answered in another form than chat completions: ${z.prettifyError(parsed.error)}`,
        );
      if (known === undefined) {
        spent.tokens += parsed.data.usage?.total_tokens ?? 0;
        await recording.put(request, raw);
      }
      return parsed.data;
    },
  };
};
