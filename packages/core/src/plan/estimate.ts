// What a stage says it will cost, from its options and those inputs that are made already.
import { makeParts } from '../choice.js';
import { Installed } from '../installed.js';
import * as messages from '../messages.js';
import type { Estimate } from '../stage.js';
import type { Node } from '../wiring.js';
import type { World } from '../world.js';

/** Undefined for a stage that never says, and for one that cannot say from these inputs; a port that is not made yet is undefined. */
export const estimateOf = async (
  world: World,
  { stage, options }: Pick<Node, 'stage' | 'options'>,
  inputs: Readonly<Record<string, unknown>>,
): Promise<Estimate | undefined> => {
  if (!stage.estimate) return undefined;
  const made = await makeParts(options, (needs) => world.services.resolve(needs));
  const { installed } = await world.services.resolve({ installed: Installed });
  return stage.estimate({ options: made, inputs, installed } as never);
};

/** Throws `out-of-memory` for a stage that says it needs more bytes than it may. */
export const checkMemory = (where: string, estimate: Estimate | undefined, limit: number): void => {
  if (estimate && estimate.bytes > limit) throw messages.outOfMemory(where, estimate.bytes, limit);
};
