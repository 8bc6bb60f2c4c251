// The built-in plugins can be found again by a child process: with one that cannot, every stage that asks for installed parts runs in the main process.
import { expect, test } from 'vitest';
import { plugins } from './plugins.js';

test.each(plugins({}).map((plugin) => [plugin.name, plugin] as const))('%s names its module', async (name, plugin) => {
  const { module } = plugin as { readonly module?: string | { readonly specifier: string } };
  expect(module).toBeDefined();
  if (typeof module !== 'string') return expect(module?.specifier).toMatch(/^(file:|@ingot\/)/);
  const { default: found } = (await import(module)) as { readonly default: { readonly name: string } };
  expect(found.name).toBe(name);
});
