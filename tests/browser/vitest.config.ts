// Vitest in headless Chromium: `INGOT_ISOLATED=1` serves the page cross-origin isolated (threads may share a memory), else plain.
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { args, executablePath } from './chromium.js';

const isolated = process.env['INGOT_ISOLATED'] === '1';

declare module 'vitest' {
  export interface ProvidedContext {
    isolated: boolean;
  }
}

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['@ingot/source', 'module', 'browser', 'development|production'] },
  server: isolated
    ? { headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' } }
    : {},
  test: {
    include: ['*.browser.ts'],
    testTimeout: 60_000,
    provide: { isolated },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { args, ...(executablePath && { executablePath }) } }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
