// The contract of a quantiser: the model keeps its kind, its tensors keep their names and shapes, the numbers stay near, and it takes less room.
import { ChatModel, openPacked, packings, weightBytes, type ModelValue, type PackingScheme } from '@ingot/contracts';
import { fakeModel } from '@ingot/contracts/fakes';
import { createIngot, memoryStore, type AnyStage } from '@ingot/core';
import { unpackMatrix } from '@ingot/tensor';
import { expect } from 'vitest';
import { registerChecks, type Check } from './check.js';
import { sourcePlugin, sourceStage } from './source-plugin.js';
import { stageChecks, type RecipeData, type StageCase } from './stage-suite.js';

export interface QuantiserCase extends Omit<StageCase, 'recipe' | 'stage'> {
  /** The quantiser; it is also among the plugins. */
  readonly stage: AnyStage;
  readonly how?: Readonly<Record<string, unknown>>;
  /** By default a fake. */
  readonly model?: () => ModelValue;
  /** Largest ‖W − Q‖ / ‖W‖ of any tensor; by default 0.01, which eight bits a weight keep. */
  readonly error?: number;
  /** Largest part of the original's bytes; by default 1: a quantiser that packs says less. */
  readonly bytes?: number;
}

const norm = (numbers: Float32Array): number => Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0));

/** ‖A − B‖ / ‖B‖ of a tensor; 0 where both are zeros. */
const distance = async (a: ModelValue, b: ModelValue, name: string): Promise<number> => {
  const [got, wanted] = [await a.read(name), await b.read(name)];
  const apart = norm(wanted.map((number, i) => number - (got[i] ?? Number.NaN)));
  return apart === 0 ? 0 : apart / norm(wanted);
};
const shapesOf = ({ tensors }: ModelValue): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
/** Every stored array of every packed tensor. */
const packedOf = async (model: ModelValue): Promise<Readonly<Record<string, Uint8Array>>> => {
  const all: Record<string, Uint8Array> = {};
  for (const [name, { shape, packed }] of Object.entries(model.tensors))
    for (const part of Object.keys(packed ? packings[packed.scheme as PackingScheme].parts(shape) : {}))
      all[`${name} ${part}`] = Uint8Array.from((await model.readPacked?.(name, part)) ?? []);
  return all;
};

/** The checks of a quantiser; `quantiserSuite` registers them. */
export const quantiserChecks = ({
  stage,
  how = {},
  model = fakeModel,
  plugins,
  services,
  error = 0.01,
  bytes = 1,
  ...rest
}: QuantiserCase): readonly Check[] => {
  const all = [...plugins, sourcePlugin([sourceStage('suite-chat', { model: ChatModel }, () => ({ model: model() }))])];
  const recipe: RecipeData = {
    name: 'quantiser-suite',
    stages: {
      chat: { use: 'suite-chat' },
      small: { use: stage.name, from: { model: 'chat.model' }, how },
      smaller: { use: stage.name, from: { model: 'small.model' }, how },
    },
    outputs: { model: 'small.model', twice: 'smaller.model' },
  };
  const given = { plugins: all, ...(services ? { services } : {}) };
  type Made = { readonly model: ModelValue; readonly twice: ModelValue };
  const withSmall = async (
    body: (small: ModelValue, before: ModelValue, twice: ModelValue) => void | Promise<void>,
  ): Promise<void> => {
    const ingot = createIngot(given);
    try {
      const made = (await ingot.fromRecipe(recipe).run({ store: memoryStore() }).result()) as unknown as Made;
      await body(made.model, model(), made.twice);
    } finally {
      await ingot.dispose();
    }
  };
  return [
    {
      name: 'lineage: the output is of the kind that was given',
      run: () => expect(stage.outputs['model']).toEqual({ sameAs: 'model' }),
    },
    {
      name: 'design, tokenizer, names and shapes are kept',
      run: () =>
        withSmall((small, before) => {
          expect(small.design).toEqual(before.design);
          expect(shapesOf(small)).toEqual(shapesOf(before));
        }),
    },
    {
      name: `the stored bytes are at most ${bytes} of the original's`,
      run: () =>
        withSmall((small, before) =>
          expect(weightBytes(small)).toBeLessThanOrEqual(Math.ceil(bytes * weightBytes(before))),
        ),
    },
    {
      name: 'what is packed reads as its packed bytes say',
      run: () =>
        withSmall(async (small) => {
          for (const name of Object.keys(small.tensors)) {
            const matrix = await openPacked(small, name);
            if (matrix) expect(await small.read(name), name).toEqual(unpackMatrix(matrix));
          }
        }),
    },
    {
      name: 'quantised twice is quantised once',
      run: () =>
        withSmall(async (small, _, twice) => {
          expect(twice.tensors).toEqual(small.tensors);
          expect(await packedOf(twice)).toEqual(await packedOf(small));
          for (const name of Object.keys(small.tensors))
            // what is not packed may be rounded again
            expect(await distance(twice, small, name), name).toBeLessThanOrEqual(1e-6);
        }),
    },
    {
      name: `every tensor is finite and within ${error} of the original`,
      run: () =>
        withSmall(async (small, before) => {
          for (const name of Object.keys(before.tensors)) {
            expect((await small.read(name)).every(Number.isFinite), name).toBe(true);
            expect(await distance(small, before, name), name).toBeLessThanOrEqual(error);
          }
        }),
    },
    ...stageChecks({ ...rest, ...given, recipe, stage: 'small' }),
  ];
};

/** Registers the contract of a quantiser with vitest. */
export const quantiserSuite = (name: string, quantiserCase: QuantiserCase): void =>
  registerChecks(`quantiser ${name}`, quantiserChecks(quantiserCase));
