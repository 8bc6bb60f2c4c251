// The report in a real browser: every chart is drawn, in both colour schemes, without a word on the console and without the network.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeIo } from '../fixtures/io.js';
import { RECIPE, testPlugin } from '../fixtures/plugin.js';
import { main } from '../main.js';

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
  },
);
