// A plugin of sources for suites: artifacts given in code, so that one stage is tested without those before it.
import { canonical, defineStage, definePlugin, digest, type AnyKind, type AnyStage, type Plugin } from '@ingot/core';
import * as z from 'zod';

/** A stage of that name without inputs, whose outputs are these; what it gives has one origin, and so one tokenizer. */
export const sourceStage = (
  name: string,
  outputs: Readonly<Record<string, AnyKind>>,
  make: () => Readonly<Record<string, unknown>>,
): AnyStage =>
  defineStage({
    name,
    version: 1,
    inputs: {},
    outputs,
    options: z.strictObject({}),
    fingerprint: async () => digest(canonical(name, 'a source of the suite')),
    async *run() {
      return make() as Record<string, never>;
    },
  }) as unknown as AnyStage;

/** The sources as a plugin. */
export const sourcePlugin = (stages: readonly AnyStage[]): Plugin =>
  definePlugin({ name: '@ingot/testing-sources', stages });
