// What a stage of a recipe learns from: its examples, the model that spells them, and how it reads them. Only what comes before it is made.
import { Examples, type DesignValue, type ExampleRow, type ModelValue, type RowsValue } from '@ingot/contracts';
import type { AnyStage } from '@ingot/core';
import { UsageError } from '../exit-codes.js';
import type { Io } from '../io.js';
import { openStore, openRecipe, type OpenRecipe } from '../session.js';
import type { Plugin } from '@ingot/core';
import { firstRows } from './first-rows.js';

interface RecipeStage {
  readonly use: string;
  readonly from?: Readonly<Record<string, string | readonly string[]>>;
  readonly how?: Readonly<Record<string, unknown>>;
}
/** What is shown. */
export interface Learnt {
  /** Undefined where the model was named beside the recipe. */
  readonly design: DesignValue | undefined;
  readonly rows: readonly ExampleRow[];
  /** The stage's own options. */
  readonly how: Readonly<Record<string, unknown>>;
}

const stagesIn = ({ recipe }: OpenRecipe): Readonly<Record<string, RecipeStage>> =>
  (recipe['stages'] ?? {}) as Readonly<Record<string, RecipeStage>>;

const learnsExamples = (stage: AnyStage | undefined): boolean =>
  stage !== undefined &&
  'model' in stage.inputs &&
  (stage.inputs['examples'] as { readonly name?: string } | undefined)?.name === Examples.name;

/** The stage that was named, or the only one that learns from examples. Throws UsageError for none and for several. */
const learner = (open: OpenRecipe, named: string | undefined): string => {
  const labels = Object.entries(stagesIn(open)).flatMap(([label, { use }]) =>
    learnsExamples(open.stages.get(use)) ? [label] : [],
  );
  if (named !== undefined && labels.includes(named)) return named;
  const has = labels.join(', ') || 'none';
  if (named !== undefined)
    throw new UsageError(`--stage '${named}' is no stage of this recipe that learns from examples. It has: ${has}.`);
  if (labels.length === 1 && labels[0] !== undefined) return labels[0];
  throw new UsageError(
    labels.length === 0
      ? 'No stage of this recipe learns from examples. Wanted one with the ports model and examples, such as sft.'
      : `Several stages of this recipe learn from examples: ${has}. Say which with --stage ${labels[0]}.`,
  );
};

/** The stages that these references need, with all that comes before them. */
const before = (stages: Readonly<Record<string, RecipeStage>>, refs: readonly string[]): Set<string> => {
  const needed = new Set<string>();
  const add = (ref: string): void => {
    const [id = ''] = ref.split('.');
    if (needed.has(id)) return;
    needed.add(id);
    for (const from of Object.values(stages[id]?.from ?? {})) (typeof from === 'string' ? [from] : from).forEach(add);
  };
  refs.forEach(add);
  return needed;
};

/** Makes what comes before the stage, on the store, and reads it; refuses (UsageError) where a model would first have to be trained. */
export const learntInRecipe = async (
  io: Io,
  plugins: readonly Plugin[],
  path: string,
  given: { readonly stage?: string; readonly store?: string; readonly rows: number; readonly ownModel: boolean },
): Promise<Learnt> => {
  const open = await openRecipe(io, plugins, path);
  try {
    const stages = stagesIn(open);
    const label = learner(open, given.stage);
    const { from = {}, how = {} } = stages[label] ?? {};
    const outputs = {
      examples: String(from['examples']),
      ...(given.ownModel ? {} : { model: String(from['model']) }),
    };
    const kept = before(stages, Object.values(outputs));
    const recipe = {
      ...open.recipe,
      stages: Object.fromEntries(Object.entries(stages).filter(([id]) => kept.has(id))),
      outputs,
    };
    const pipeline = open.ingot.fromRecipe(recipe);
    const store = openStore(io, given.store);
    for (const row of await pipeline.plan({ store }))
      if (row.runs && open.stages.get(row.stage)?.computes)
        throw new UsageError(
          `'${label}' of ${path} comes after '${row.id}' (${row.stage}), which is not in the store yet: showing data trains nothing. Run the recipe first, or name a model that spells the same with --model.`,
        );
    const made = (await pipeline.run({ store }).result()) as {
      readonly examples: RowsValue<ExampleRow>;
      readonly model?: ModelValue;
    };
    return { design: made.model?.design, rows: await firstRows(made.examples, given.rows), how };
  } catch (error) {
    throw open.located(error);
  } finally {
    await open.ingot.dispose();
  }
};
