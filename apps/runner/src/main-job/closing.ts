// The last lines of the main job: the same openings answered at every age, what became of the reward and of the bits per byte, where the report is, what to try next.
import pc from 'picocolors';
import type { Io } from '../io.js';
import { gather } from '../report/gather.js';
import { answersSaid, verdicts } from '../report/summary.js';
import { shownPath, type RunOutcome } from '../run-recipe.js';
import { duration } from '../terminal/format.js';
import { excerpt } from '../terminal/plain.js';

/** Answers of every age to the same openings, one under the other. */
const sideBySide = ({ events }: RunOutcome, bold: (text: string) => string): string => {
  for (const { event } of events.toReversed()) {
    if (event.type !== 'table' || event.title !== 'Side by side') continue;
    return event.rows
      .slice(0, 3)
      .map(({ prompt, ...answers }) => {
        const said = Object.entries(answers).map(
          ([name, text]) => `  ${name.padEnd(8)} ${excerpt(String(text).replaceAll(/\s+/g, ' '), 160)}`,
        );
        return `${bold(excerpt(String(prompt), 120))}\n${said.join('\n')}`;
      })
      .join('\n\n');
  }
  return '';
};
/** Says what came of a run that ended well; `took` in milliseconds. */
export const closing = (io: Io, outcome: RunOutcome, store: string, took: number): void => {
  const c = pc.createColors(io.colours);
  const said = [...verdicts(gather(outcome)), ...answersSaid(outcome)];
  const compared = sideBySide(outcome, c.bold);
  if (compared) io.err(`\n${c.bold('The same openings, answered at every age')}\n\n${compared}\n`);
  for (const line of said) io.err(`\n${c.bold(line)}\n`);
  const flag = store.endsWith('/.ingot') ? '' : ` --store ${shownPath(io, store)}`;
  const key = (id: string): string => outcome.record.stages.find((stage) => stage.id === id)?.key.slice(0, 12) ?? '';
  io.err(`\n${c.bold('Report')} ${outcome.report ? shownPath(io, outcome.report) : 'not written'}  ${c.dim(`(all in ${duration(took)}; again with npm start: everything is kept)`)}
${c.bold('Try next')}
  npx ingot sample --model ${key('base')}.model --prompt 'Call me' --tokens 60 --temperature 0.7 --seed 1${flag}
  npx ingot sample --model ${key('aligned')}.model --chat --system ''${flag}
  npx ingot init life               the recipe of this run, to change; then: npx ingot run life.yaml
  npx ingot compare --align dpo,kto,simpo life.yaml           the method of alignment is one word
  npx ingot align kto --model ${key('sft')}.model --data yours.jsonl --out kinder${flag}
  npx ingot stages                  everything that a recipe can hold
  npx ingot doctor                  devices of this machine; INGOT_DEVICE chooses one
`);
};
