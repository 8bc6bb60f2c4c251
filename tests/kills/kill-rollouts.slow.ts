// kill -9 of the stage `rollouts` as a round is told and not saved yet: it goes on after the last round that is, and ends in the same answers, scores and log. The children run built packages.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findAddon } from '@ingot/tensor-native';
import { expect, it } from 'vitest';

const once = fileURLToPath(new URL('draw-once.mjs', import.meta.url));
const device = findAddon() ? 'native' : 'reference';
const root = mkdtempSync(join(tmpdir(), 'ingot-kill-rollouts-'));

/** What a run prints until its end, or until it is killed at a line. */
async function linesOf(store: string, killAt?: string): Promise<string[]> {
  const child = spawn(process.execPath, [once, join(root, store), device], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line === killAt) child.kill('SIGKILL');
  }
  return lines;
}
const stepsOf = (lines: readonly string[]): number[] =>
  lines.filter((line) => line.startsWith('step ')).map((line) => Number(line.slice(5)));

it(`rollouts on ${device}, killed four times`, async () => {
  const whole = await linesOf('undisturbed');
  expect(stepsOf(whole)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  let from = 1;
  for (const at of [1, 3, 6, 8]) {
    const steps = stepsOf(await linesOf('killed', `step ${at}`));
    // Rounds that were saved are not drawn again. Whether the one that was told was saved before the kill arrived is chance.
    expect([from, from + 1]).toContain(steps[0]);
    expect(steps.at(-1)).toBeGreaterThanOrEqual(at);
    from = steps.at(-1)!;
  }
  const rest = await linesOf('killed');
  expect(rest.at(-1)).toMatch(/^done [0-9a-f]{64} [0-9a-f]{64}$/);
  expect(rest.at(-1)).toBe(whole.at(-1));
  rmSync(root, { recursive: true, force: true }); // kept when it failed
});
