// Answers to the same prompt at several steps, to be read beside each other.
import type { SampleEntry } from './gather.js';

/** One prompt's answers in a stage, by step. */
export interface SideBySide {
  readonly stage: string;
  readonly prompt: string;
  readonly answers: readonly { readonly step: number; readonly text: string }[];
}
/** Columns that a page has room for. */
const MOST = 4;

/** First, last, and what lies evenly between. */
const some = <Item>(items: readonly Item[], count: number): Item[] =>
  items.length <= count
    ? [...items]
    : Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);

/** Prompts that were answered at two steps or more, each with at most four of its answers, and the samples of no such prompt. */
export const sideBySide = (
  samples: readonly SampleEntry[],
): { readonly compared: readonly SideBySide[]; readonly single: readonly SampleEntry[] } => {
  const groups = new Map<string, SampleEntry[]>();
  for (const sample of samples) {
    const id = JSON.stringify([sample.stage, sample.prompt]);
    groups.set(id, [...(groups.get(id) ?? []), sample]);
  }
  const compared: SideBySide[] = [];
  const taken = new Set<SampleEntry>();
  for (const group of groups.values()) {
    const byStep = new Map(group.map(({ step, text }) => [step, text])); // of one step the last counts
    const [first] = group;
    if (!first || byStep.size < 2 || byStep.has(undefined)) continue;
    for (const sample of group) taken.add(sample);
    compared.push({
      stage: first.stage,
      prompt: first.prompt,
      answers: some([...byStep], MOST).map(([step, text]) => ({ step: step ?? 0, text })),
    });
  }
  return { compared, single: samples.filter((sample) => !taken.has(sample)) };
};
