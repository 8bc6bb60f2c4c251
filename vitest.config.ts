// One project for all packages: tests run on sources through the '@ingot/source' export condition, without a build.
import { defineConfig } from 'vitest/config';

const suffix =
  process.env['INGOT_TESTS'] === 'slow' ? 'slow' : process.env['INGOT_TESTS'] === 'nightly' ? 'nightly' : 'test';
const conditions = ['@ingot/source', 'module', 'node', 'development|production'];

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: [
      `packages/*/src/**/*.${suffix}.ts`,
      `apps/*/src/**/*.${suffix}.ts`,
      `tests/**/*.${suffix}.ts`,
      `scripts/**/*.${suffix}.mjs`,
    ],
    testTimeout: suffix === 'test' ? 30_000 : 1_200_000,
    maxWorkers: 2,
    passWithNoTests: false,
  },
});
