// The contract of an alignment stage: the role's ports and lineage, on top of the contract of every stage.
import {
  AlignedModel,
  ChatModel,
  Examples,
  Model,
  Pairs,
  RewardModel,
  type FeedbackRow,
  type ModelValue,
  type RowsValue,
} from '@ingot/contracts';
import { fakeExamples, fakeModel, fakePairs } from '@ingot/contracts/fakes';
import { createIngot, memoryStore, type AnyStage, type Plugin } from '@ingot/core';
import { expect } from 'vitest';
import { learningChecks, letterPairs, type LearningCase } from './alignment-learning.js';
import { registerChecks, type Check } from './check.js';
import { contentOf } from './content-of.js';
import { sourcePlugin, sourceStage } from './source-plugin.js';
import { stageChecks, type RecipeData, type StageCase } from './stage-suite.js';

export interface AlignmentCase extends Omit<StageCase, 'recipe' | 'stage'> {
  /** The alignment stage; it is also among the plugins. */
  readonly stage: AnyStage;
  /** Options that make it quick. */
  readonly how?: Readonly<Record<string, unknown>>;
  /** A tiny chat model that the stage can train; by default a fake. */
  readonly model?: () => ModelValue;
  /** For stages that learn from pairs: what shows that they do, and that they refuse broken ones. Then `model` is real, and all checks run on letters. */
  readonly learning?: LearningCase;
}

const sources = (model: () => ModelValue, pairs: RowsValue<FeedbackRow>): Plugin =>
  sourcePlugin([
    sourceStage('suite-models', { base: Model, chat: ChatModel, reward: RewardModel }, () => ({
      base: model(),
      chat: model(),
      reward: fakeModel(model().design, { 'reward.weight': [1, 4] }),
    })),
    sourceStage('suite-rows', { pairs: Pairs, examples: Examples }, () => ({
      pairs,
      examples: fakeExamples(),
    })),
  ]);
const recipeOf = (
  stage: string,
  how: Readonly<Record<string, unknown>>,
  from: string,
  extra: Readonly<Record<string, string>> = {},
): RecipeData => ({
  name: 'alignment-suite',
  stages: {
    given: { use: 'suite-models' },
    rows: { use: 'suite-rows' },
    aligned: { use: stage, from: { model: from, feedback: 'rows.pairs', ...extra }, how },
  },
  outputs: { model: 'aligned.model' },
});

/** The checks of an alignment stage; `alignmentSuite` registers them. */
export const alignmentChecks = ({
  stage,
  how = {},
  model = fakeModel,
  plugins,
  services,
  learning,
  ...rest
}: AlignmentCase): readonly Check[] => {
  const all = [...plugins, sources(model, learning ? letterPairs() : fakePairs())];
  const stageCase: StageCase = {
    ...rest,
    ...(services ? { services } : {}),
    plugins: all,
    recipe: recipeOf(stage.name, how, 'given.chat'),
    stage: 'aligned',
  };
  const wire = async (recipe: RecipeData): Promise<unknown> => {
    const ingot = createIngot({ plugins: all, ...(services ? { services } : {}) });
    try {
      return await ingot.fromRecipe(recipe).plan();
    } finally {
      await ingot.dispose();
    }
  };
  const recipe = stageCase.recipe;
  const align = async (pairs: RowsValue<FeedbackRow>, more = {}): Promise<ModelValue> => {
    const ingot = createIngot({ plugins: [...plugins, sources(model, pairs)], ...(services ? { services } : {}) });
    try {
      const made = recipeOf(stage.name, { ...how, ...more }, 'given.chat');
      return ((await ingot.fromRecipe(made).run().result()) as { model: ModelValue }).model;
    } finally {
      await ingot.dispose();
    }
  };
  /** Runs on the store; cancelled when the stage has said how its second step went, where it speaks of steps. */
  const runOn = async (store: ReturnType<typeof memoryStore>, cancels: boolean): Promise<unknown> => {
    const ingot = createIngot({ plugins: all, ...(services ? { services } : {}) });
    try {
      const run = ingot.fromRecipe(recipe).run({ store });
      run.events.subscribe((event) => {
        if (cancels && event.type === 'metric' && event.stage === 'aligned' && event.step >= 2)
          run.cancel('the suite cancels');
      });
      return await run.result().then(contentOf, (error: unknown) => {
        if (run.state !== 'cancelled') throw error;
        return undefined;
      });
    } finally {
      await ingot.dispose();
    }
  };
  return [
    {
      name: 'lineage: it takes a chat model and gives an aligned one',
      run: () => {
        expect(stage.inputs['model']).toHaveProperty('name', ChatModel.name);
        expect(stage.outputs['model']).toHaveProperty('name', AlignedModel.name);
      },
    },
    {
      name: 'ports: feedback may be pairs, and the role has a reward and a mix',
      run: async () => {
        expect(Object.keys(stage.inputs)).toEqual(expect.arrayContaining(['model', 'feedback', 'reward', 'mix']));
        await wire(recipeOf(stage.name, how, 'given.chat', { reward: 'given.reward', mix: 'rows.examples' }));
      },
    },
    {
      name: 'ports: every port beyond the role is optional',
      run: () => {
        const beyond = Object.entries(stage.inputs).filter(([port]) => !['model', 'feedback'].includes(port));
        expect(beyond.filter(([, port]) => !('optional' in port)).map(([port]) => port)).toEqual([]);
      },
    },
    {
      name: 'lineage: a base model is refused before any work',
      run: async () =>
        expect(wire(recipeOf(stage.name, how, 'given.base'))).rejects.toMatchObject({ code: 'bad-wiring' }),
    },
    {
      name: 'the aligned model has the design, the tokenizer and the tensors of the model',
      run: async () => {
        const ingot = createIngot({ plugins: all, ...(services ? { services } : {}) });
        try {
          const { model: aligned } = (await ingot.fromRecipe(stageCase.recipe).run().result()) as { model: ModelValue };
          const before = model();
          expect(aligned.design).toEqual(before.design);
          expect(aligned.tensors).toEqual(before.tensors);
          for (const name of Object.keys(aligned.tensors))
            expect((await aligned.read(name)).every(Number.isFinite), name).toBe(true);
        } finally {
          await ingot.dispose();
        }
      },
    },
    {
      name: 'cancelled after two steps and run again, it ends in the same bits',
      run: async () => {
        const store = memoryStore();
        await runOn(store, true);
        expect(await runOn(store, false)).toEqual(await runOn(memoryStore(), false));
      },
    },
    ...(learning ? learningChecks(learning, model, align) : []),
    ...stageChecks(stageCase),
  ];
};

/** Registers the contract of an alignment stage with vitest. */
export const alignmentSuite = (name: string, alignmentCase: AlignmentCase): void =>
  registerChecks(`alignment ${name}`, alignmentChecks(alignmentCase));
