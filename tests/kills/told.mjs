// What the killed programs tell their test, a line each: waits and notes as they come; at the end the digests of the result and of the log, or why there are none.
import { createHash } from 'node:crypto';
import { IngotError } from '@ingot/core';

/** Tells a wait for another holder of the store, or a note of the run. */
export const tellNote = (event) => {
  if (event.type === 'stage-wait') process.stdout.write(`wait ${event.why}\n`);
  if (event.type === 'stage-note') process.stdout.write(`note ${event.text}\n`);
};

/** The bits of a model's tensors, in the order of their names. */
export const digestOfModel = async ({ model }) => {
  const bits = createHash('sha256');
  for (const name of Object.keys(model.tensors).sort()) bits.update(new Uint8Array((await model.read(name)).buffer));
  return bits.digest('hex');
};

/** Waits for the run and tells how it ended. */
export const tellEnd = async (ingot, run, log, digestOf) => {
  try {
    const digest = await digestOf(await run.result());
    process.stdout.write(`done ${digest} ${log.digest('hex')}\n`);
  } catch (error) {
    if (!IngotError.is(error)) throw error;
    process.stdout.write(`failed ${error.code} ${error.message}\n`);
    process.exitCode = 1;
  } finally {
    await ingot.dispose();
  }
};
