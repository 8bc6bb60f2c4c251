// The log of an online run whose texts are hostile, for tests of the report: five rounds, evaluations between them, a proxy that rises while gold falls.
import type { RunEvent } from '@ingot/core';
import type { RunLog, RunRecord } from '../runs/record.js';

const record: RunRecord = {
  id: 'r',
  name: 'online',
  command: 'ingot run online.yaml',
  started: '2026-01-01T00:00:00Z',
  ended: '2026-01-01T00:01:00Z',
  ending: 'done',
  pid: 1,
  seed: 0,
  recipe: {},
  stages: [{ id: 'aligned', stage: 'grpo', key: 'key', hit: false, why: 'never run', from: {}, options: {}, view: {} }],
  outputs: {},
  took: {},
  versions: { ingot: '1.2.3' },
  machine: {},
};
/** What a page must never run, however it comes into it. */
export const HOSTILE = `<script>globalThis.owned=1</script><img src=x onerror="globalThis.owned=1">`;
const ASKED = '<|im_start|>user\nWhere is the whale?<|im_end|>\n<|im_start|>assistant\n';

const metric = (step: number, values: Record<string, number>): RunEvent => ({
  type: 'metric',
  stage: 'aligned',
  step,
  values,
  replayed: false,
});
const rollouts = (title: string, rows: readonly Record<string, string | number>[]): RunEvent => ({
  type: 'table',
  stage: 'aligned',
  title,
  rows,
  replayed: false,
});
/** One round's answers to its own prompt, rewards out of order. */
const round = (step: number): RunEvent[] => [
  rollouts(
    `Rollouts at step ${step}`,
    [0.2, 0.9, -0.5].map((reward, i) => ({
      prompt: `Prompt ${step}`,
      answer: i === 0 ? HOSTILE : `answer ${i} of round ${step}`,
      reward: reward + step / 10,
      'reward 1': reward,
      'reward 2': step / 10,
      tokens: 10 - i,
      ended: i === 2 ? 'no' : 'yes',
    })),
  ),
  metric(step, { loss: 0.1, reward: 0.2 + step / 10, kl: step / 2, klPerToken: step / 20 }),
];
const evaluation = (step: number): RunEvent[] => [
  rollouts(`Rollouts at step ${step}, held out`, [
    { prompt: ASKED, answer: `at sea, ${step}`, reward: step / 5, gold: 1 - step / 5, tokens: 4, ended: 'yes' },
    { prompt: 'Other', answer: ' ', reward: 0, gold: 0, tokens: 1, ended: 'yes' },
  ]),
  metric(step, {
    'heldOut/reward': step / 5,
    'heldOut/gold': 1 - step / 5,
    'heldOut/kl': step / 2,
    goldDrop: step / 5,
  }),
];

/** Evaluations at steps 0, 2 and 4, rounds 1 to 5, and a tripwire at step 4. */
export const onlineRun = (): RunLog => ({
  record,
  events: [
    ...evaluation(0),
    ...round(1),
    ...round(2),
    ...evaluation(2),
    ...round(3),
    ...round(4),
    ...evaluation(4),
    {
      type: 'warning' as const,
      stage: 'aligned',
      text: "Tripwire 'over-optimisation' at step 4: goldDrop is 0.8, above 0.5. The gold reward falls. Try: a higher beta.",
      replayed: false,
    },
    ...round(5),
  ].map((event, at) => ({ at, event })),
});
