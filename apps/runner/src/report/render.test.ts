// The report in a real browser: every chart is drawn, in both colour schemes, without a word on the console and without the network.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeIo } from '../fixtures/io.js';
import { RECIPE, testPlugin } from '../fixtures/plugin.js';
import { main } from '../main.js';
import { onlineRun } from '../fixtures/online-run.js';
import { reportPage } from './page.js';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const suite = executablePath === undefined ? describe.skip : describe;

suite(
  `the report in Chromium${executablePath === undefined ? ' (skipped: no Chromium here, apt-get install chromium)' : ''}`,
  () => {
    let browser: Browser;
    const io = fakeIo();
    let page = '';
    beforeAll(async () => {
      writeFileSync(join(io.cwd, 'tiny.yaml'), RECIPE);
      await main(['run', 'tiny.yaml', '--json', '--inline'], io, { plugins: [testPlugin] });
      page = String(io.jsonLines().at(-1)?.['report']);
      browser = await chromium.launch({
        executablePath: executablePath ?? '',
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
      });
    });
    afterAll(() => browser?.close());

    test.each(['light', 'dark'] as const)('%s: charts, samples and graph are there', async (colorScheme) => {
      const tab = await browser.newPage({ colorScheme, viewport: { width: 1200, height: 900 } });
      const said: string[] = [];
      const requests: string[] = [];
      tab.on('console', (message) => said.push(message.text()));
      tab.on('pageerror', (error) => said.push(error.message));
      tab.on('request', (request) => requests.push(request.url()));
      await tab.goto(pathToFileURL(page).href);
      expect(await tab.evaluate(() => document.documentElement.dataset['charts'])).toBe('6');
      // a chart is drawn when its canvas holds pixels of more than one colour
      const drawn = await tab.evaluate(() =>
        [...document.querySelectorAll('canvas')].map(
          (canvas) =>
            new Set(
              new Uint32Array(
                canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.buffer ??
                  new ArrayBuffer(0),
              ),
            ).size,
        ),
      );
      expect(drawn).toHaveLength(6);
      for (const colours of drawn) expect(colours).toBeGreaterThan(10);
      expect(await tab.locator('svg g.node').count()).toBe(3);
      expect(await tab.locator('.sample').first().textContent()).toBe('Call');
      expect(await tab.locator('.beside > div').allTextContents()).toEqual([
        'step 10 me Ishmael 10 </script>',
        'step 20 me Ishmael 20 </script>',
      ]);
      expect(await tab.locator('.verdict').textContent()).toContain('loses to n-gram (1.850)');
      expect(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect(said).toEqual([]);
      expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
      const shots = process.env['INGOT_SHOTS'];
      if (shots) {
        mkdirSync(shots, { recursive: true });
        await tab.screenshot({ path: join(shots, `${colorScheme}.png`), fullPage: true });
      }
      await tab.close();
    });

    test('a narrow screen has no sideways scroll, and the buttons work', async () => {
      const tab = await browser.newPage({ viewport: { width: 400, height: 800 } });
      await tab.goto(pathToFileURL(page).href);
      expect(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await tab.locator('button[data-log]').first().click();
      expect(await tab.locator('button[data-log]').first().getAttribute('aria-pressed')).toBe('true');
      await tab.locator('#theme').click();
      expect(await tab.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
      await tab.close();
    });

    describe('the browser of rollouts', () => {
      const online = join(io.cwd, 'online.html');
      beforeAll(() => writeFileSync(online, reportPage(onlineRun())));
      const open = async (options: Parameters<Browser['newPage']>[0] = {}) => {
        const tab = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
        const said: string[] = [];
        tab.on('console', (message) => said.push(message.text()));
        tab.on('pageerror', (error) => said.push(error.message));
        tab.on('request', (request) => /^(?:file|data):/.test(request.url()) || said.push(request.url()));
        tab.setDefaultTimeout(10_000);
        await tab.goto(pathToFileURL(online).href);
        return { tab, said, rows: tab.locator('.rollouts tbody tr:visible') };
      };
      const answers = '.rollouts tr:not([hidden]) .answer:visible';

      test('a step is chosen by slider and buttons; answers are ordered, found and followed over the steps', async () => {
        const { tab, said, rows } = await open();
        const step = tab.locator('.rollouts output');
        const status = tab.locator('.rollouts [role=status]');
        expect(await step.textContent()).toBe('Step 5');
        expect(await rows.count()).toBe(3);
        await tab.getByLabel('Step', { exact: true }).press('Home');
        expect(await step.textContent()).toBe('Step 0, held out');
        await tab.getByLabel('Later step').click();
        expect(await step.textContent()).toBe('Step 1');
        await tab.getByLabel('Order').selectOption('best');
        expect((await tab.locator(answers).allTextContents())[0]).toBe('answer 1 of round 1');
        await tab.getByLabel('Order').selectOption('worst');
        expect((await tab.locator(answers).allTextContents())[0]).toBe('answer 2 of round 1');
        await tab.getByLabel('Find').fill('ANSWER 1');
        expect([await rows.count(), await status.textContent()]).toEqual([1, '1 answer; 4 at other steps']);
        await tab.getByLabel('every step').check();
        expect([await rows.count(), await status.textContent()]).toEqual([5, '5 answers']);
        await tab.getByLabel('Find').fill('');
        await tab.getByLabel('Prompt').selectOption({ label: 'user Where is the whale? assistant' });
        expect(await tab.locator(answers).allTextContents()).toEqual(['at sea, 0', 'at sea, 2', 'at sea, 4']);
        await tab.getByLabel('Prompt').selectOption({ label: 'every prompt' });
        await tab.getByLabel('every step').uncheck();
        await tab.locator('[data-side]').selectOption({ label: 'held out' });
        await tab.getByLabel('Earlier step').click();
        expect(await step.textContent()).toBe('Step 2, held out');
        expect(said).toEqual([]);
        await tab.close();
      });
      test('text of a model is shown as it is and never run', async () => {
        const { tab, said } = await open();
        expect(await tab.locator(answers).first().textContent()).toContain('<script>globalThis.owned=1</script><img');
        expect(await tab.evaluate(() => (globalThis as { owned?: number }).owned)).toBeUndefined();
        expect(await tab.locator('img').count()).toBe(0);
        expect(said).toEqual([]);
        await tab.close();
      });
      test('without a script the tables open and close, and paths are drawn', async () => {
        const { tab, rows } = await open({ javaScriptEnabled: false });
        expect(await tab.locator('.controls').isVisible()).toBe(false);
        expect(await rows.count()).toBe(3);
        await tab.locator('summary', { hasText: 'Step 2, held out' }).click();
        expect(await rows.count()).toBe(5);
        expect(await tab.locator('figure.frontier svg polyline').count()).toBe(3);
        await tab.close();
      });
      test('a narrow screen scrolls in the table alone', async () => {
        const { tab } = await open({ viewport: { width: 400, height: 800 } });
        expect(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await tab.close();
      });
    });
  },
);
