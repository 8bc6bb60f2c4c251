// The stage `adapter-folder`: an adapter from a folder in PEFT's form, read for the model that it belongs to.
import { defineStage, Installed, text } from '@ingot/core';
import * as z from 'zod';
import { Adapter, Family, Model } from '@ingot/contracts';
import { readAdapterFolder } from '@ingot/training';
import { fingerprintFiles } from '../model-folder.js';

/** model -> adapter. The model gives the names of its layers; its weights are not read. The path is in the view: the content is in the key. */
export const adapterFolder = defineStage({
  name: 'adapter-folder',
  version: 1,
  inputs: { model: Model },
  outputs: { adapter: Adapter },
  needs: { installed: Installed },
  options: z.strictObject({}),
  view: z.strictObject({
    path: z.string().min(1).describe('folder with adapter_config.json and adapter_model.safetensors'),
  }),
  fingerprint: ({ path }) => fingerprintFiles('adapter', path, ['adapter_config.json', 'adapter_model.safetensors']),
  async *run({ inputs: { model }, view, services: { installed } }) {
    const family = await installed.make(Family, model.design.family);
    const adapter = await readAdapterFolder(view.path, { family, design: model.design });
    const { layers, saved } = adapter.config;
    const ranks = [...new Set(Object.values(layers).map(({ rank }) => rank))].join(', ');
    yield text(
      `An adapter of ${Object.keys(layers).length} layers (rank ${ranks})${saved.length > 0 ? ` and ${saved.length} modules saved whole` : ''}, from '${view.path}'.`,
    );
    return { adapter };
  },
});
