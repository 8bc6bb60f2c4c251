// The contract of a quantiser: the model keeps its kind, its tensors keep their names and shapes, and the numbers stay near.
import { ChatModel, type ModelValue } from '@ingot/contracts';
import { fakeModel } from '@ingot/contracts/fakes';
import { createIngot, type AnyStage } from '@ingot/core';
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
}

const norm = (numbers: Float32Array): number => Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0));

/** The checks of a quantiser; `quantiserSuite` registers them. */
export const quantiserChecks = ({
  stage,
  how = {},
  model = fakeModel,
  plugins,
  services,
  error = 0.01,
  ...rest
}: QuantiserCase): readonly Check[] => {
  const all = [...plugins, sourcePlugin([sourceStage('suite-chat', { model: ChatModel }, () => ({ model: model() }))])];
  const recipe: RecipeData = {
    name: 'quantiser-suite',
    stages: { chat: { use: 'suite-chat' }, small: { use: stage.name, from: { model: 'chat.model' }, how } },
    outputs: { model: 'small.model' },
  };
  const given = { plugins: all, ...(services ? { services } : {}) };
  const withSmall = async (body: (small: ModelValue, before: ModelValue) => void | Promise<void>): Promise<void> => {
    const ingot = createIngot(given);
    try {
      await body(((await ingot.fromRecipe(recipe).run().result()) as { model: ModelValue }).model, model());
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
          expect(small.tensors).toEqual(before.tensors);
        }),
    },
    {
      name: `every tensor is finite and within ${error} of the original`,
      run: () =>
        withSmall(async (small, before) => {
          for (const name of Object.keys(before.tensors)) {
            const [rounded, original] = [await small.read(name), await before.read(name)];
            expect(rounded.every(Number.isFinite), name).toBe(true);
            expect(norm(original.map((number, i) => number - (rounded[i] ?? Number.NaN))), name).toBeLessThanOrEqual(
              error * norm(original),
            );
          }
        }),
    },
    ...stageChecks({ ...rest, ...given, recipe, stage: 'small' }),
  ];
};

/** Registers the contract of a quantiser with vitest. */
export const quantiserSuite = (name: string, quantiserCase: QuantiserCase): void =>
  registerChecks(`quantiser ${name}`, quantiserChecks(quantiserCase));
