// A contract suite is a list of named checks: vitest runs them one by one, and our own tests run them on planted faults.
import { describe, test } from 'vitest';

/** One promise of a contract; it throws when the promise is broken. */
export interface Check {
  readonly name: string;
  run(): void | Promise<void>;
}

/** Registers the checks with vitest, a test each. */
export const registerChecks = (title: string, checks: readonly Check[]): void => {
  describe(title, () => {
    for (const check of checks) test(check.name, () => check.run());
  });
};

/** Names of the checks that fail, in order: what a planted fault must show. */
export const failingChecks = async (checks: readonly Check[]): Promise<readonly string[]> => {
  const failing: string[] = [];
  for (const check of checks) {
    try {
      await check.run();
    } catch {
      failing.push(check.name);
    }
  }
  return failing;
};
