// Examples of all ports, encoded and looked at, before anything is loaded.
import { IngotError, table, text, warning, type StageEvent } from '@ingot/core';
import type { DesignValue, ExampleRow, RowsValue } from '@ingot/contracts';
import { chatEncoder, type ChatEncoder } from '@ingot/text';
import { heldOutRows } from '../held-out.js';
import { chooseFormat } from './choose-format.js';
import { lintExamples, type Finding } from './lint.js';
import type { SftOptions } from './options.js';
import { readExamples, type ReadExample } from './read-examples.js';
import { shownExamples } from './shown.js';

/** The stage's ports. */
export interface SftInputs {
  readonly examples: RowsValue<ExampleRow>;
  readonly mix?: RowsValue<ExampleRow> | undefined;
  readonly validation?: RowsValue<ExampleRow> | undefined;
}
/** Ready to be learnt. */
export interface Prepared {
  readonly encoder: ChatEncoder;
  readonly examples: readonly ReadExample[];
  readonly mix: readonly ReadExample[];
  readonly heldOut: readonly ReadExample[];
  readonly findings: readonly Finding[];
}

/** Rows of a port that is not the data itself: bad ones are refused or left out as those are, without a table. */
async function beside(
  port: string,
  rows: RowsValue<ExampleRow> | undefined,
  encoder: ChatEncoder,
  maxTokens: number,
  { badRows }: SftOptions,
): Promise<readonly ReadExample[]> {
  if (!rows) return [];
  const { examples, bad } = await readExamples(rows, encoder, maxTokens);
  const [first] = bad;
  if (first && badRows === 'refuse')
    throw new IngotError(
      'bad-input',
      `The stage 'sft', port '${port}': ${bad.length} of ${rows.rows} rows cannot be learnt from. Row ${first.row}: ${first.why} Mend them, or leave them out with badRows: 'leave-out'.`,
    );
  return examples;
}

/** The most tokens of an example. Throws `bad-options` when they are more than the context. */
export function longest(design: DesignValue, maxTokens: number | undefined, stage: string): number {
  if (maxTokens !== undefined && maxTokens > design.context)
    throw new IngotError(
      'bad-options',
      `The stage '${stage}' was given maxTokens ${maxTokens}, but the model's context is ${design.context} tokens. Give at most that.`,
    );
  return maxTokens ?? design.context;
}

const promptOf = ({ prompt, response }: ReadExample): string => JSON.stringify(prompt ?? response);

/**
 * Reads every port with the model's chat format, lints the examples and keeps some for evaluation.
 * @throws IngotError `bad-input` where the lint finds an error, with all of them; `bad-wiring` for another template than the model's; `bad-options` for `best` without anything to evaluate.
 */
export async function prepare(
  design: DesignValue,
  inputs: SftInputs,
  options: SftOptions,
  seed: number,
): Promise<Prepared> {
  const maxTokens = longest(design, options.maxTokens, 'sft');
  const chat = chooseFormat(design, options.template);
  const encoder = chatEncoder({ tokenizer: design.tokenizer, ...(chat && { chat }) });
  const read = await readExamples(inputs.examples, encoder, maxTokens);
  const findings = lintExamples({ ...read, encoder, leaveOut: options.badRows === 'leave-out' });
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0 || read.examples.length === 0)
    throw new IngotError(
      'bad-input',
      `The stage 'sft' was given ${inputs.examples.rows} examples that it does not train on:\n${(errors.length > 0 ? errors : findings.slice(0, 1)).map(({ check, found }) => `- ${check}: ${found}`).join('\n')}`,
    );
  const validation = await beside('validation', inputs.validation, encoder, maxTokens, options);
  const held =
    inputs.validation || options.heldOut === 0
      ? read.examples.map(() => false)
      : heldOutRows(read.examples.map(promptOf), options.heldOut, seed);
  const heldOut = inputs.validation ? validation : read.examples.filter((_, i) => held[i]);
  if (options.keep === 'best' && heldOut.length === 0)
    throw new IngotError(
      'bad-options',
      `The stage 'sft' was asked to keep the best weights, but no examples are held out to tell them by. Keep 'last', wire the port 'validation', or raise heldOut.`,
    );
  return {
    encoder,
    findings,
    heldOut,
    examples: read.examples.filter((_, i) => !held[i]),
    mix: await beside('mix', inputs.mix, encoder, maxTokens, options),
  };
}

/** What the lint says before step 0: the table, warnings, how conversations are spelt, and the first examples with what is learnt of them. */
export function preparedEvents({ findings, encoder, examples, mix, heldOut }: Prepared): StageEvent[] {
  const format = encoder.format
    ? `the chat format '${encoder.format.name}'`
    : 'no chat format (prompts and completions)';
  const learnt = examples.reduce(
    (sum, { weights }) => sum + weights.reduce((n, weight) => n + (weight > 0 ? 1 : 0), 0),
    0,
  );
  const all = examples.reduce((sum, { ids }) => sum + ids.length, 0);
  return [
    text(
      `Spelt with ${format}. ${examples.length.toLocaleString('en')} examples to learn, ${heldOut.length} held out, ${mix.length} to mix in; ${((100 * learnt) / all).toFixed(0)}% of their tokens are learnt.`,
    ),
    table(
      'Lint of the examples',
      findings.map(({ check, level, found }) => ({ check, level, found })),
    ),
    shownExamples(examples, encoder),
    ...findings.filter(({ level }) => level === 'warning').map(({ check, found }) => warning(`${check}: ${found}`)),
  ];
}
