// Fake services: a clock that stands still, an evaluator without a model.
import type { EvaluatedModel, EvaluatorService } from '../evaluator.js';
import type { Clock } from '../tokens.js';

/** A clock that moves only when it is told to. */
export const fakeClock = (start = 0): Clock & { advance(milliseconds: number): void } => {
  let now = start;
  return { now: () => now, advance: (milliseconds) => void (now += milliseconds) };
};

const uniform = (text: string) => ({
  logProbability: -Buffer.byteLength(text) * Math.log(256),
  tokens: Buffer.byteLength(text),
});
const uniformModel = (): EvaluatedModel => ({
  logLikelihood: async (requests) => requests.map(({ continuation }) => ({ ...uniform(continuation), greedy: false })),
  rollingLogLikelihood: async (texts) => texts.map((text) => ({ ...uniform(text), bytes: Buffer.byteLength(text) })),
  generateUntil: async (requests) => requests.map(() => ''),
  dispose: () => undefined,
});

/** Scores every UTF-8 byte with log(1/256), continues every prompt with nothing. */
export const fakeEvaluator = (): EvaluatorService => ({ open: async () => uniformModel(), of: uniformModel });
