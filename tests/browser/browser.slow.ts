// WebAssembly in headless Chromium: the device contract and the example without a bundler, on an isolated page and on a plain one.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { describe, expect, test } from 'vitest';
import { args, executablePath, why } from './chromium.js';

const root = join(import.meta.dirname, '..', '..');
const config = join(import.meta.dirname, 'vitest.config.ts');
const PAGES = [
  { page: 'isolated, two threads', isolated: true, threads: '2 threads' },
  { page: 'plain, one thread', isolated: false, threads: '1 thread' },
];
interface Results {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}
interface Example {
  readonly device: string;
  readonly first: number;
  readonly last: number;
}

describe.skipIf(executablePath === undefined)(`wasm in Chromium${why}`, () => {
  test.each(PAGES)('the device contract: $page', ({ isolated }) => {
    const place = mkdtempSync(join(tmpdir(), 'ingot-browser-'));
    const json = join(place, 'results.json');
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [vitest, 'run', '--config', config, '--reporter=json', `--outputFile.json=${json}`],
      { encoding: 'utf8', timeout: 300_000, env: { ...process.env, INGOT_ISOLATED: isolated ? '1' : '0' } },
    );
    const results = JSON.parse(readFileSync(json, 'utf8')) as Results;
    rmSync(place, { recursive: true });
    const failed = results.testResults.flatMap((file) =>
      file.assertionResults.filter((one) => one.status === 'failed'),
    );
    expect(
      failed.map((one) => one.fullName),
      `${stdout}${stderr}`,
    ).toEqual([]);
    expect(status, `${stdout}${stderr}`).toBe(0);
    console.log(`${results.numPassedTests} tests of the contract passed in the page`);
    expect(results.numPassedTests).toBeGreaterThan(1000);
  });

  test.each(PAGES)('the example, served as files: $page', async ({ isolated, threads }) => {
    const server = spawn(process.execPath, [
      join(root, 'examples', 'browser', 'serve.mjs'),
      '--port',
      '0',
      ...(isolated ? ['--isolated'] : []),
    ]);
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const browser = await chromium.launch({ executablePath: executablePath ?? '', args });
    try {
      const tab = await browser.newPage();
      const said: string[] = [];
      tab.on('console', (message) => said.push(message.text()));
      tab.on('pageerror', (error) => said.push(error.message));
      await tab.goto(String(line).split(' ')[0]!);
      await tab.waitForFunction(() => 'trained' in globalThis, undefined, { timeout: 60_000 }).catch(() => undefined);
      expect(said).toEqual([]);
      const result = await tab.evaluate(() => (globalThis as unknown as { trained: Example }).trained);
      console.log(await tab.locator('#result').textContent());
      expect(result.device).toMatch(new RegExp(`^wasm, (relaxed|simd128), ${threads}$`));
      expect(result.first).toBeGreaterThan(2);
      // Three letters tell the next one but for a few places of the sentence.
      expect(result.last).toBeLessThan(0.7);
    } finally {
      await browser.close();
      server.kill();
    }
  });
});
