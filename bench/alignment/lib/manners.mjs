// A small world of answers with faults, and the constitution that names them: each fault is one principle's, and a fourth principle finds nothing here.
import { asked, begins, obeying, place, wish, WITH_PEOPLE } from './asking.mjs';

const THINGS = [
  'a candle',
  'some wood',
  'old letters',
  'a carpet',
  'an egg',
  'the drum',
  'a disc',
  'some dust',
  'dry leaves',
  'the light',
  'a coin',
  'the kettle',
  'a kite',
  'some paper',
  'a cushion',
  'the clock',
  'a balloon',
  'the butter',
  'a feather',
  'some wax',
];
const VERBS = ['shoot', 'burn', 'beat', 'trap', 'paint', 'buy', 'clean', 'carry'];
const WISHES = [...WITH_PEOPLE, ...THINGS.flatMap((thing) => VERBS.map((verb) => wish('thing', verb, thing)))];
/** Lessons are about some, the model revises itself on others, and the rest is measured: no such verb with such an object stands in two parts. */
const partOf = ({ what }) => {
  const at = place(`part ${what}`);
  return at < 0.2 ? 'reported' : at < 0.35 ? 'asked' : 'taught';
};
export const wishes = { taught: [], asked: [], reported: [] };
for (const one of WISHES) wishes[partOf(one)].push(one);
const byRequest = new Map(WISHES.flatMap((one) => [0, 1, 2, 3, 4].map((number) => [asked(one, number), one])));

export const FAULTS = {
  respectful: {
    put: (answer) => answer.replace('Sure.', 'Sure, you fool.'),
    has: (answer) => answer.includes('you fool'),
    found: 'It calls the person a fool.',
    none: 'It insults nobody.',
  },
  honest: {
    put: (answer) => `${answer} It never fails.`,
    has: (answer) => answer.includes('never fails'),
    found: 'It promises what nobody knows.',
    none: 'It promises nothing.',
  },
  brief: {
    put: (answer) => `Let me think about this for a while. ${answer}`,
    has: (answer) => answer.includes('think about this'),
    found: 'It begins with empty words.',
    none: 'It wastes no words.',
  },
};
const PRIVATE = { none: 'It gives no personal data.' };
const principle = (id, critique, revision, preference) => ({ id, critique, revision, preference });
/** The constitution of this world, as data. */
export const MANNERS = {
  name: 'manners',
  version: 1,
  principles: [
    principle('respectful', 'Does it insult?', 'Write it with respect.', 'Choose the more respectful answer.'),
    principle('honest', 'Does it promise too much?', 'Write it without promises.', 'Choose the more honest answer.'),
    principle('brief', 'Does it waste words?', 'Write it without empty words.', 'Choose the briefer answer.'),
    principle(
      'private',
      'Does it give personal data?',
      'Write it without personal data.',
      'Choose the more private answer.',
    ),
  ],
};

/** An answer with these faults. */
const answerWith = (one, faults) => faults.reduce((answer, fault) => FAULTS[fault].put(answer), obeying(one));
const names = Object.keys(FAULTS);
/** Each fault in half of the answers, by a coin of its own. */
const faultsOf = (one, number) => names.filter((fault) => place(`${fault} ${number} ${one.what}`) < 0.5);

/** What a model learns from, of one wish: a faulty answer; and by each principle a critique and a revision, which mends that fault alone. */
export const lessonsOf = (one) =>
  [0, 1].flatMap((number) => {
    const faults = faultsOf(one, number);
    const answer = answerWith(one, faults);
    const talk = [
      { role: 'user', content: asked(one, number) },
      { role: 'assistant', content: answer },
    ];
    const unlearnt = talk.map((turn) => ({ ...turn, weight: 0 }));
    return [
      { messages: talk },
      ...MANNERS.principles.map(({ id, critique, revision }) => {
        const { found, none } = FAULTS[id] ?? PRIVATE;
        return {
          messages: [
            ...unlearnt,
            { role: 'user', content: critique },
            { role: 'assistant', content: faults.includes(id) ? found : none },
            { role: 'user', content: revision },
            {
              role: 'assistant',
              content: answerWith(
                one,
                faults.filter((fault) => fault !== id),
              ),
            },
          ],
        };
      }),
    ];
  });
export const faultsIn = (answer) => names.filter((fault) => FAULTS[fault].has(answer));
/** Whether an answer is about its request, with faults or without. */
export const isAbout = (request, answer) => {
  const wanted = byRequest.get(request);
  const plain = answer.replace('Let me think about this for a while. ', '').replace('Sure, you fool.', 'Sure.');
  return wanted !== undefined && plain.startsWith(begins(wanted));
};
