// One recipe with the method exchanged: which stage is swapped, and which of its options the other method knows.
import type { AnyStage } from '@ingot/core';
import { UsageError } from '../exit-codes.js';

interface RecipeStage {
  readonly use: string;
  readonly from?: Readonly<Record<string, unknown>>;
  readonly how?: Readonly<Record<string, unknown>>;
}
type Recipe = Readonly<Record<string, unknown>>;
const stagesIn = (recipe: Recipe): Readonly<Record<string, RecipeStage>> =>
  (recipe['stages'] ?? {}) as Readonly<Record<string, RecipeStage>>;

/** The label of the one stage that plays Align, or the one that was named. Throws UsageError for none and for several. */
export const swappedStage = (
  recipe: Recipe,
  methods: ReadonlyMap<string, AnyStage>,
  named: string | undefined,
): string => {
  const found = Object.entries(stagesIn(recipe)).filter(([, { use }]) => methods.has(use));
  const labels = found.map(([label]) => label);
  if (named !== undefined) {
    if (labels.includes(named)) return named;
    throw new UsageError(
      `--stage '${named}' is no alignment stage of this recipe. It has: ${labels.join(', ') || 'none'}.`,
    );
  }
  const [only, ...others] = labels;
  if (only === undefined)
    throw new UsageError('This recipe has no alignment stage. Wanted one that uses dpo, kto, simpo or another method.');
  if (others.length > 0)
    throw new UsageError(`This recipe aligns in ${labels.join(' and ')}. Say which with --stage ${only}.`);
  return only;
};

/** The recipe with another method at this label; options and ports that the method does not have are left out, by name. */
export const swapMethod = (
  recipe: Recipe,
  label: string,
  method: AnyStage,
): { readonly recipe: Record<string, unknown>; readonly left: readonly string[] } => {
  const { how = {}, from = {}, ...stage } = stagesIn(recipe)[label] ?? { use: '' };
  const knows = new Set([...Object.keys(method.options.shape), ...Object.keys(method.view.shape)]);
  const keep = (given: Readonly<Record<string, unknown>>, known: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => known(name)));
  const left = [
    ...Object.keys(how).filter((name) => !knows.has(name)),
    ...Object.keys(from).filter((port) => !(port in method.inputs)),
  ];
  // A choice of loss belongs to the method that was written down.
  const swapped = {
    ...stage,
    use: method.name,
    from: keep(from, (port) => port in method.inputs),
    how: keep(how, (name) => knows.has(name)),
  };
  return { recipe: { ...recipe, stages: { ...stagesIn(recipe), [label]: swapped } }, left };
};
