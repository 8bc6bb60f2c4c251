// A model of the store as a folder in Hugging Face's layout.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Family, Model, Report } from '@ingot/contracts';
import {
  artifactManifest,
  createIngot,
  definePlugin,
  defineStage,
  Installed,
  IngotError,
  memoryStore,
  type Plugin,
  type Store,
} from '@ingot/core';
import { writeAdapterFolder, writeModelFolder } from '@ingot/training';
import * as z from 'zod';
import type { Io } from '../io.js';
import { splitArtifact, storedModel } from './source.js';

/** Whether the artifact's port holds a model of any lineage. */
export const isModel = async (store: Store, artifact: string): Promise<boolean> => {
  const { key, port } = splitArtifact(artifact);
  const manifest = await artifactManifest(store, key);
  return manifest.outputs[port]?.is.includes(Model.name) ?? false;
};

/** Writes the folder, and the adapter that the model was trained with into adapter/ as PEFT reads it; the family comes from the container, as for any stage. Throws 'bad-input' when the folder exists. */
export const exportModel = async (
  _io: Io,
  plugins: readonly Plugin[],
  store: Store,
  artifact: string,
  folder: string,
): Promise<{ readonly adapter?: string }> => {
  if (existsSync(folder)) throw new IngotError('bad-input', `'${folder}' exists already. Export to a new folder.`);
  const model = await storedModel(store, artifact);
  const adapter = model.adapter && join(folder, 'adapter');
  const stage = defineStage({
    name: 'export-once',
    version: 1,
    inputs: {},
    outputs: { report: Report },
    options: z.strictObject({}),
    needs: { installed: Installed },
    volatile: true,
    // oxlint-disable-next-line require-yield -- it only writes
    async *run({ services: { installed } }) {
      const family = await installed.make(Family, model.design.family);
      await writeModelFolder(folder, model, family);
      if (adapter && model.adapter) await writeAdapterFolder(adapter, model.adapter, { family, design: model.design });
      return { report: { title: 'Export', rows: [], notes: [folder] } };
    },
  });
  const ingot = createIngot({ plugins: [...plugins, definePlugin({ name: 'ingot/export', stages: [stage] })] });
  try {
    await ingot
      .fromRecipe({ name: 'export', stages: { out: { use: stage.name } }, outputs: { report: 'out.report' } })
      .run({ store: memoryStore() })
      .result();
    return adapter === undefined ? {} : { adapter };
  } finally {
    await ingot.dispose();
  }
};
