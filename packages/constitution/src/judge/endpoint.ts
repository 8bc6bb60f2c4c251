// Judge `endpoint`: a model behind an OpenAI-compatible endpoint says which answer is better; p = p(A) / (p(A) + p(B)) where it tells log-probabilities.
import { Judge, type JudgeQuestion, type JudgeValue, type PromptValue } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import * as z from 'zod';
import { type Endpoint, type EndpointAnswer, openEndpoint, type Surroundings } from './client.js';
import { openRecording } from './recorded.js';

/** What the endpoint reads unless said otherwise. */
export const ENDPOINT_TEMPLATE = `Request:
{prompt}

Answer A:
{first}

Answer B:
{second}

Which answer is better? Say A or B, and nothing else.`;

const readable = (prompt: PromptValue): string =>
  typeof prompt === 'string' ? prompt : prompt.map(({ role, content }) => `${role}: ${content}`).join('\n');
/** The three places are filled in one pass: an answer that spells '{second}' stays as it is. */
const fill = (template: string, { prompt, first, second }: JudgeQuestion): string => {
  const values: Readonly<Record<string, string>> = { prompt: readable(prompt), first, second };
  return template.replace(/\{(prompt|first|second)\}/gu, (_, name: string) => values[name] ?? '');
};

const labelOf = (text: string): 'A' | 'B' | undefined => {
  const label = /^[\s"'(*]*(?:answer\s+)?([AB])(?![\p{L}\p{N}])/iu.exec(text)?.[1]?.toUpperCase();
  return label === 'A' || label === 'B' ? label : undefined;
};
/** The probability of A against B: from the first token's log-probabilities where both or one are told, else 1 or 0 from the text. Throws 'bad-input' for neither. */
export const verdictOf = ({ choices }: EndpointAnswer): number => {
  const { message, logprobs } = choices[0]!;
  const mass = { A: 0, B: 0 };
  for (const { token, logprob } of logprobs?.content?.[0]?.top_logprobs ?? []) {
    const label = /^\s*[AB]\s*$/iu.test(token) ? labelOf(token) : undefined;
    if (label) mass[label] += Math.exp(logprob);
  }
  if (mass.A + mass.B > 0) return mass.A / (mass.A + mass.B);
  const said = labelOf(message.content ?? '');
  if (said) return said === 'A' ? 1 : 0;
  throw new IngotError(
    'bad-input',
    `The endpoint was asked for A or B and said ${JSON.stringify((message.content ?? '').slice(0, 80))}.`,
  );
};

export interface EndpointJudgeOptions extends Endpoint {
  readonly model: string;
  readonly template?: string;
}
/** A judge over an endpoint; `about` gives its key, recordings and whether the network may be asked. */
export const judgeByEndpoint = (options: EndpointJudgeOptions, about: () => Surroundings): JudgeValue => ({
  async open() {
    const endpoint = openEndpoint(options, about());
    const { model, template = ENDPOINT_TEMPLATE } = options;
    return {
      dispose: () => undefined,
      ask: async (question, signal) =>
        verdictOf(
          await endpoint.ask(
            {
              model,
              messages: [{ role: 'user', content: fill(template, question) }],
              max_tokens: 4,
              temperature: 0,
              logprobs: true,
              top_logprobs: 5,
            },
            signal,
          ),
        ),
    };
  },
});

/** Recordings in the file INGOT_RECORDINGS; INGOT_OFFLINE keeps off the network. Neither changes a key: the same question has the same answer. */
const fromEnvironment = (): Surroundings => ({
  env: process.env,
  recording: openRecording(process.env['INGOT_RECORDINGS']),
  offline: Boolean(process.env['INGOT_OFFLINE']),
});

/** Judge `endpoint`. */
export const endpointJudge = Judge.part({
  name: 'endpoint',
  version: 1,
  options: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).describe("The endpoint's base, up to and with /v1."),
    model: z.string().min(1).describe('The name of its model.'),
    keyVariable: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, { error: 'expected the name of an environment variable, never the key itself' })
      .default('OPENAI_API_KEY')
      .describe('The environment variable that holds the key.'),
    template: z
      .string()
      .default(ENDPOINT_TEMPLATE)
      .refine((text) => ['{prompt}', '{first}', '{second}'].every((place) => text.includes(place)), {
        error: 'expected a text with {prompt}, {first} and {second} in it',
      })
      .describe('What it reads: the places {prompt}, {first} and {second} are filled.'),
    retries: z.int().nonnegative().default(3).describe('Tries after one that failed, with waiting.'),
    waitMs: z.int().nonnegative().default(1000).describe('Before the first retry; doubled for each after it.'),
    maxRequests: z.int().positive().default(10_000).describe('The budget: requests of one stage.'),
    maxTokens: z
      .int()
      .positive()
      .default(5_000_000)
      .describe('The budget: tokens of one stage, as the endpoint counts.'),
  }),
  make: ({ maxRequests, maxTokens, ...rest }) =>
    judgeByEndpoint({ ...rest, budget: { requests: maxRequests, tokens: maxTokens } }, fromEnvironment),
});
