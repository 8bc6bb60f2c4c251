// The contract of a stage, through createIngot: keys, view, determinism, the codec, cancelling, and what it leaves behind.
import { createIngot, memoryStore, type Bind, type Plugin } from '@ingot/core';
import { expect } from 'vitest';
import { registerChecks, type Check } from './check.js';
import { contentOf } from './content-of.js';

/** A recipe as data; what `ingot run` reads. */
export interface RecipeData {
  readonly name: string;
  readonly seed?: number;
  readonly stages: Readonly<
    Record<
      string,
      {
        readonly use: string;
        readonly from?: Readonly<Record<string, string | readonly string[]>>;
        readonly how?: Readonly<Record<string, unknown>>;
      }
    >
  >;
  readonly outputs: Readonly<Record<string, string>>;
}
export interface StageCase {
  readonly plugins: readonly Plugin[];
  readonly services?: (bind: Bind) => void;
  /** A small pipeline in which the stage runs; its outputs are among the recipe's. */
  readonly recipe: RecipeData;
  /** The stage's id in the recipe. */
  readonly stage: string;
  /** View settings, none of which may change the key. */
  readonly views?: readonly Readonly<Record<string, unknown>>[];
  /** Other settings of its options, each of which must change the key. */
  readonly options?: readonly Readonly<Record<string, unknown>>[];
  /** What must be the same before and after a run, cancelled or not: live tensors, open files. */
  readonly held?: () => number;
}

const withHow = (recipe: RecipeData, stage: string, how: Readonly<Record<string, unknown>>): RecipeData => {
  const given = recipe.stages[stage];
  if (!given)
    throw new RangeError(`The recipe has no stage '${stage}'. Known: ${Object.keys(recipe.stages).join(', ')}.`);
  return { ...recipe, stages: { ...recipe.stages, [stage]: { ...given, how: { ...given.how, ...how } } } };
};
type Opened = ReturnType<typeof createIngot>;
/** An ingot for the time of the body. */
const withIngot = async <R>({ plugins, services }: StageCase, body: (ingot: Opened) => Promise<R>): Promise<R> => {
  const ingot = createIngot({ plugins, ...(services ? { services } : {}) });
  try {
    return await body(ingot);
  } finally {
    await ingot.dispose();
  }
};
const keysOf = (stageCase: StageCase, recipe: RecipeData = stageCase.recipe) =>
  withIngot(
    stageCase,
    async (ingot) =>
      new Map((await ingot.fromRecipe(recipe).plan({ store: memoryStore() })).map(({ id, key }) => [id, key])),
  );
const result = (stageCase: StageCase) =>
  withIngot(stageCase, async (ingot) =>
    contentOf(await ingot.fromRecipe(stageCase.recipe).run({ store: memoryStore() }).result()),
  );

const keyChecks = (stageCase: StageCase): readonly Check[] => {
  const { recipe, stage, views = [], options = [] } = stageCase;
  return [
    {
      name: 'keys are the same each time',
      run: async () => expect(await keysOf(stageCase)).toEqual(await keysOf(stageCase)),
    },
    ...views.map((view): Check => ({
      name: `view ${JSON.stringify(view)} changes no key`,
      run: async () => expect(await keysOf(stageCase, withHow(recipe, stage, view))).toEqual(await keysOf(stageCase)),
    })),
    ...options.map((how): Check => ({
      name: `options ${JSON.stringify(how)} change the key`,
      run: async () =>
        expect((await keysOf(stageCase, withHow(recipe, stage, how))).get(stage)).not.toBe(
          (await keysOf(stageCase)).get(stage),
        ),
    })),
  ];
};

/** Cancels when the stage starts, or when it first says something itself; a stage that says nothing ends before. */
const cancelled = async (stageCase: StageCase, when: 'started' | 'said'): Promise<void> => {
  await withIngot(stageCase, async (ingot) => {
    const run = ingot.fromRecipe(stageCase.recipe).run({ store: memoryStore() });
    const seen: string[] = [];
    run.events.subscribe((event) => {
      if (!('stage' in event) || event.stage !== stageCase.stage) return;
      seen.push(event.type);
      if (when === 'started' || !event.type.startsWith('stage-')) run.cancel('the suite cancels');
    });
    const error: unknown = await run.result().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (when === 'said' && seen.every((type) => type.startsWith('stage-'))) return;
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(run.state).toBe('cancelled');
    expect(seen).not.toContain('stage-end');
  });
};

const runChecks = (stageCase: StageCase): readonly Check[] => {
  const { held = () => 0 } = stageCase;
  return [
    {
      name: 'two runs give the same outputs',
      run: async () => expect(await result(stageCase)).toEqual(await result(stageCase)),
    },
    {
      name: 'outputs survive the store: a second run reads what the first one wrote',
      run: () =>
        withIngot(stageCase, async (ingot) => {
          const store = memoryStore();
          const first = await contentOf(await ingot.fromRecipe(stageCase.recipe).run({ store }).result());
          const again = ingot.fromRecipe(stageCase.recipe).run({ store });
          const types: string[] = [];
          again.events.subscribe(
            (event) => 'stage' in event && event.stage === stageCase.stage && types.push(event.type),
          );
          expect(await contentOf(await again.result())).toEqual(first);
          expect(types).toContain('stage-cached');
        }),
    },
    ...(['started', 'said'] as const).map((when): Check => ({
      name: `cancelled when it has ${when}, it ends as cancelled and makes no artifact`,
      run: () => cancelled(stageCase, when),
    })),
    {
      name: 'nothing is held after a run or a cancelled run',
      run: async () => {
        const before = held();
        await result(stageCase);
        expect(held(), 'after a run').toBe(before);
        await cancelled(stageCase, 'said');
        expect(held(), 'after a cancelled run').toBe(before);
      },
    },
  ];
};

/** The checks of a stage; `stageSuite` registers them. */
export const stageChecks = (stageCase: StageCase): readonly Check[] => [
  ...keyChecks(stageCase),
  ...runChecks(stageCase),
];

/** Registers the contract of a stage with vitest. */
export const stageSuite = (name: string, stageCase: StageCase): void =>
  registerChecks(`stage ${name}`, stageChecks(stageCase));
