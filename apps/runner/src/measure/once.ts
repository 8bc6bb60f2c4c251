// One value from one stage that is made for a command, so that devices and services come from the container as for any stage.
import { createIngot, definePlugin, IngotError, memoryStore, type AnyStage, type Plugin } from '@ingot/core';
import type { Io } from '../io.js';

/** Runs a stage without inputs on a store of its own and gives its output of that name. Ctrl-C cancels. Throws the stage's own error. */
export const runOnce = async <Value>(
  io: Io,
  plugins: readonly Plugin[],
  stage: AnyStage,
  output: string,
): Promise<Value> => {
  const ingot = createIngot({ plugins: [...plugins, definePlugin({ name: `ingot/${stage.name}`, stages: [stage] })] });
  const stopping = new AbortController();
  const heed = io.onInterrupt(() => stopping.abort('Ctrl-C'));
  try {
    const recipe = { name: stage.name, stages: { it: { use: stage.name } }, outputs: { [output]: `it.${output}` } };
    const made = await ingot.fromRecipe(recipe).run({ store: memoryStore(), signal: stopping.signal }).result();
    return (made as Record<string, Value>)[output] as Value;
  } catch (error) {
    throw IngotError.is(error) && IngotError.is(error.cause) ? error.cause : error;
  } finally {
    heed();
    await ingot.dispose();
  }
};
