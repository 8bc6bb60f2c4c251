// The stage `adapter-of`: the adapter that a training stage learnt, taken out of the model that it was merged into.
import { defineStage, IngotError } from '@ingot/core';
import * as z from 'zod';
import { Adapter, Model } from '@ingot/contracts';

/** model -> adapter: for another base, a PEFT folder, or a merge of one's own. Errors: `bad-input` for a model that was not trained with an adapter. */
export const adapterOf = defineStage({
  name: 'adapter-of',
  version: 1,
  inputs: { model: Model },
  outputs: { adapter: Adapter },
  options: z.strictObject({}),
  async *run({ inputs: { model } }) {
    if (!model.adapter)
      throw new IngotError(
        'bad-input',
        "The stage 'adapter-of' was given a model that carries no adapter: its weights themselves moved. Train it with adapter: { rank: 16 }.",
      );
    return { adapter: model.adapter };
  },
});
