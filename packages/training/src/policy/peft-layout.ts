// PEFT's names for what an adapter learnt: base_model.model.<their module>.lora_A.weight, lora_B.weight, lora_magnitude_vector,
// and the saved modules' parameters by their own names (peft 0.21, utils/save_and_load.py). Their A and B are (rank, in) and (out, rank) for Conv1D too.
import type { DesignValue, FamilyValue } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { layoutOf } from '../write-model-folder.js';
import { moduleOf } from './adapter-plan.js';

export const PREFIX = 'base_model.model.';
/** What of a layer we call how, and they. */
export const PARTS = { A: 'lora_A.weight', B: 'lora_B.weight', magnitude: 'lora_magnitude_vector' } as const;

export interface PeftPlace {
  readonly theirs: string;
  readonly transpose: boolean;
}
export interface PeftLayout {
  /** Our parameter's name -> theirs. */
  readonly parameters: ReadonlyMap<string, PeftPlace>;
  /** Our module's name -> theirs. */
  readonly modules: ReadonlyMap<string, PeftPlace>;
  /** The tied head's module, which PEFT would train as the embedding alone. */
  readonly tiedHead: string | undefined;
}

/** The names of a family's design. Throws `bad-options` when the family has no Hugging Face layout. */
export function peftLayout(family: FamilyValue, design: DesignValue): PeftLayout {
  const layout = layoutOf(family);
  const parameters = new Map(
    layout.tensors(design).map(({ ours, theirs, transpose }) => [ours, { theirs, transpose }] as const),
  );
  const modules = new Map(
    [...parameters]
      .filter(([ours]) => ours.endsWith('.weight'))
      .map(([ours, { theirs, transpose }]) => [moduleOf(ours), { theirs: moduleOf(theirs), transpose }] as const),
  );
  const tied = layout.config(design)['tie_word_embeddings'] === true;
  return { parameters, modules, tiedHead: tied ? family.head(design) : undefined };
}

/** Refuses a saved module that is both embedding and head: throws `bad-options`. */
export function refuseTied({ tiedHead }: PeftLayout, saved: readonly string[]): void {
  if (tiedHead !== undefined && saved.includes(tiedHead))
    throw new IngotError(
      'bad-options',
      `The adapter saved '${tiedHead}', which is embedding and head in one. PEFT's folder holds a copy for the embedding alone, so the head would differ. Merge the adapter and write the model's folder instead.`,
    );
}
