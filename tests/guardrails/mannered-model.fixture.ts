// A small world in which a model learns to answer with faults, to name a fault by a principle, and to mend that one alone; all wording is generated.
/* oxlint-disable require-yield -- stages that only return a value are generators all the same */
import { Examples, Judge, Prompts, Text, type ExampleRow, type FeedbackRow, type Message } from '@ingot/contracts';
import { fakeRows } from '@ingot/contracts/fakes';
import { definePlugin, defineStage } from '@ingot/core';
import { textOf } from '@ingot/data';
import * as z from 'zod';

const VERBS = ['paint', 'buy', 'clean', 'carry', 'wrap', 'weigh', 'hide', 'draw'];
const THINGS = ['a candle', 'some wood', 'a carpet', 'the drum', 'a coin', 'the kettle', 'a kite', 'the clock'];
const wishes = VERBS.flatMap((verb, v) => THINGS.map((thing, t) => ({ what: `${verb} ${thing}`, at: v * 8 + t })));
/** A quarter is never in a lesson: each verb and each thing twice. */
const isHeldOut = ({ at }: { readonly at: number }): boolean => (at + Math.floor(at / 8)) % 4 === 0;
const asked = (what: string): string => `How do I ${what}?`;
const clean = (what: string): string => `Sure. To ${what}, start early.`;

/** What can be wrong with an answer, each the business of one principle. */
const FAULTS = {
  respectful: {
    put: (answer: string) => answer.replace('Sure.', 'Sure, you fool.'),
    has: (answer: string) => answer.includes('fool'),
    found: 'It insults.',
  },
  honest: {
    put: (answer: string) => `${answer} It never fails.`,
    has: (answer: string) => answer.includes('never'),
    found: 'It promises.',
  },
} as const;
type Fault = keyof typeof FAULTS;
const faults = Object.keys(FAULTS) as Fault[];
export const faultsIn = (answer: string): Fault[] => faults.filter((fault) => FAULTS[fault].has(answer));
const answerWith = (what: string, some: readonly Fault[]): string =>
  some.reduce((answer, fault) => FAULTS[fault].put(answer), clean(what));
/** Whether an answer is about its request, faults aside. */
const isAbout = (request: string, answer: string): boolean =>
  answer.replace(', you fool', '').startsWith(clean(request.slice('How do I '.length, -1)));

export const MANNERS = {
  name: 'manners',
  version: 1,
  principles: [
    { id: 'respectful', critique: 'Does it insult?', revision: 'Be kind.', preference: 'Choose the kinder.' },
    { id: 'honest', critique: 'Does it promise?', revision: 'Be true.', preference: 'Choose the truer.' },
    { id: 'private', critique: 'Does it tell names?', revision: 'Be discreet.', preference: 'Choose the discreeter.' },
  ],
};
const say = (role: Message['role'], content: string, weight?: number): Message =>
  weight === undefined ? { role, content } : { role, content, weight };

const lessons: ExampleRow[] = wishes
  .filter((wish) => !isHeldOut(wish))
  .flatMap(({ what }) =>
    [[], ['respectful'], ['honest'], ['respectful', 'honest']].flatMap((some): ExampleRow[] => {
      const given = some as Fault[];
      const answer = answerWith(what, given);
      return [
        { messages: [say('user', asked(what)), say('assistant', answer)] },
        ...MANNERS.principles.map(({ id, critique, revision }) => ({
          messages: [
            say('user', asked(what)),
            say('assistant', answer, 0),
            say('user', critique),
            say('assistant', given.includes(id as Fault) ? FAULTS[id as Fault].found : 'No.'),
            say('user', revision),
            say(
              'assistant',
              answerWith(
                what,
                given.filter((fault) => fault !== id),
              ),
            ),
          ],
        })),
      ];
    }),
  );
const contents = lessons.map((row) => ('messages' in row ? row.messages.map(({ content }) => content).join('\n') : ''));
/** Requests that no lesson is about. */
export const heldOut = wishes.filter(isHeldOut).map(({ what }) => asked(what));
const prompts = heldOut.map((request): FeedbackRow => ({ prompt: [say('user', request)], completions: [] }));

export const mannered = definePlugin({
  name: 'test/mannered',
  parts: [
    Judge.part({
      name: 'fewer-faults',
      version: 1,
      options: z.strictObject({}),
      make:
        () =>
        ({ prompt, first, second }) => {
          const request = String(prompt)
            .split('\n')[0]!
            .replace(/^user: /, '');
          const cost = (answer: string) => (isAbout(request, answer) ? faultsIn(answer).length : 9);
          return (Math.sign(cost(second) - cost(first)) + 1) / 2;
        },
    }),
  ],
  stages: [
    defineStage({
      name: 'lessons',
      version: 1,
      inputs: {},
      outputs: { examples: Examples, text: Text, prompts: Prompts },
      options: z.strictObject({}),
      async *run() {
        return { examples: fakeRows(lessons), text: textOf(contents), prompts: fakeRows(prompts) };
      },
    }),
  ],
});
