// Right answers that stand beside prompts reach rewards, in rounds and in evaluations, and nothing else: the policy never reads them.
import type { Answer } from '@ingot/contracts';
import { expect, test } from 'vitest';
import { alignBy, brief, distance, letterA } from '../world.fixture.js';

test('rewards see the right answers of all rows of a prompt; what is learnt is the same without them', async () => {
  const seen: Answer[] = [];
  const watched = (answer: Answer): number => {
    seen.push(answer);
    return letterA(answer.text);
  };
  const prompts = ['ab ', 'cd ', 'ef ', 'gh ', 'ac ', 'bd '];
  const right = (prompt: string) => [{ prompt, completions: [{ text: `${prompt}1`, label: true }] }];
  const rows = [
    ...prompts.flatMap(right),
    {
      prompt: 'ab ',
      completions: [
        { text: 'again', label: true },
        { text: 'wrong', label: false },
      ],
    },
    { prompt: 'h ', completions: [] },
  ];
  const how = { ...brief, steps: 6, heldOut: 0.5, rewards: [{ use: 'watched' }], watch: { samples: 4 } };
  const answered = await alignBy('grpo', how, { rows, rewards: { watched } });
  const wanted = (prompt: unknown) =>
    prompt === 'h ' ? undefined : prompt === 'ab ' ? ['ab 1', 'again'] : [`${String(prompt)}1`];
  for (const { prompt, references } of seen) expect(references).toEqual(wanted(prompt));
  expect(new Set(seen.map(({ prompt }) => prompt))).toEqual(new Set([...prompts, 'h ']));

  const bare = rows.map(({ prompt }) => ({ prompt, completions: [] }));
  const alone = await alignBy('grpo', how, { rows: bare, rewards: { watched } });
  expect(distance(answered.numbers, alone.numbers)).toBe(0);
});
