// The stage `merge-adapter`: a model with an adapter merged into its weights, of the same kind as the model.
import { defineStage, Installed, sameAs } from '@ingot/core';
import * as z from 'zod';
import { Adapter, Device, Family, Model } from '@ingot/contracts';
import { mergeAdapter } from '@ingot/training';

/** model + adapter -> model. Errors: `bad-value` when the adapter does not fit the model. */
export const mergeAdapterStage = defineStage({
  name: 'merge-adapter',
  version: 1,
  inputs: { model: Model, adapter: Adapter },
  outputs: { model: sameAs('model') },
  needs: { device: Device, installed: Installed },
  options: z.strictObject({}),
  computes: true,
  async *run({ inputs: { model, adapter }, services: { device, installed } }) {
    const family = await installed.make(Family, model.design.family);
    return { model: await mergeAdapter({ device, family, model, adapter }) };
  },
});
