// The real files of ../shared: Anthropic's hh-rlhf, and LLaMA-Factory's demos. A checkout without them says so and passes over.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadRows, type RowSource } from './load-rows.js';
import { toExamples, toLabels, toPairs } from './targets.js';

const shared = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const there = existsSync(shared);
const how = (path: string): RowSource => ({
  path: `${shared}${path}`,
  files: [],
  exclude: [],
  drop: false,
  chat: false,
});

// Skipped, with this word, where the shared data is not beside the checkout: it is never part of the repository.
describe.skipIf(!there)('real files (skipped where ../shared is missing)', () => {
  it('reads the 2,312 pairs of hh-rlhf harmless-base: each shares its prompt, but for five that differ in more than one turn', async () => {
    const loaded = await loadRows(toPairs, {
      ...how('preference/hh-rlhf-harmless-base-test.jsonl.gz'),
      drop: ['empty-answer'],
    });
    expect(loaded.table[0]).toEqual({ rows: 'read', count: 2312, outcome: '' });
    expect(loaded.table).toContainEqual({ rows: 'several-turns', count: 5, outcome: 'left out' });
    for (const { prompt, completions } of loaded.rows) {
      expect(Array.isArray(prompt) && prompt.at(-1)?.role).toBe('user');
      expect(completions).toHaveLength(2);
    }
    expect(loaded.rows.length).toBeGreaterThan(2300);
  });
  it("reads LLaMA-Factory's 300 pairs, 150 good and 150 bad labels, and 91 identity examples", async () => {
    const pairs = await loadRows(toPairs, how('preference/dpo_en_demo.json'));
    expect(pairs.lines[0]).toMatch(/'sharegpt-preference'/);
    expect(pairs.rows).toHaveLength(300);
    const labels = await loadRows(toLabels, how('preference/kto_en_demo.json'));
    expect(labels.rows.filter(({ completions }) => completions[0]!.label)).toHaveLength(150);
    expect(labels.rows).toHaveLength(300);
    expect((await loadRows(toExamples, how('instruct/identity.json'))).rows).toHaveLength(91);
  });
});
