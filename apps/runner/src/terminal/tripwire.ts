// A tripwire that spoke, in the terminal: set off from other warnings, what to try on lines of its own.
import pc from 'picocolors';
import type { Tripped } from '../tripwire-text.js';

/** Some lines: name and place, what was found, what it means, and the remedies, best first. */
export const tripwireLines = (
  stage: string,
  { name, step, found, cause, remedies, ends }: Tripped,
  colours: boolean,
): string => {
  const c = pc.createColors(colours);
  return [
    `  ${c.bold(c.red(`⚠ ${name}`))} ${c.dim(`${stage}, step ${step}: ${found}`)}`,
    `    ${c.yellow(`${cause}.`)}`,
    ...remedies.map((remedy, at) => `    ${at === 0 ? 'try' : '   '} ${c.bold(`${at + 1}.`)} ${remedy}`),
    ...(ends ? [`    ${c.red('The run ends here, with the model of this step.')}`] : []),
  ].join('\n');
};
