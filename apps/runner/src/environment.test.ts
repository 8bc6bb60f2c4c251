// What the environment says wrongly is told like any other mistake, and usage errors speak JSON where it is asked for.
import { expect, it } from 'vitest';
import { fakeIo } from './fixtures/io.js';
import { main } from './main.js';

it.each(['abc', '0', '1.5'])('INGOT_THREADS=%s is refused in words and in JSON', async (threads) => {
  const io = fakeIo({ env: { INGOT_THREADS: threads } });
  expect(await main(['doctor', '--json'], io)).toBe(2);
  expect(JSON.parse(io.stdout())).toMatchObject({ type: 'error', code: 'bad-options', exitCode: 2 });
  expect(io.stdout()).toContain(`got '${threads}'`);
});
it('a wrong command line is one JSON object with --json', async () => {
  const io = fakeIo();
  expect(await main(['run', '--json'], io)).toBe(2);
  expect(JSON.parse(io.stdout())).toMatchObject({ type: 'error', code: 'bad-usage', exitCode: 2 });
});
