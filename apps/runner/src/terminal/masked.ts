// What is learnt of an example, in the terminal: learnt text in green and what is only read dimmed, or between marks where there are no colours.
import pc from 'picocolors';
import type { Masked, Run } from '../mask.js';

/** Learnt text in green, the rest dimmed; without colours learnt text stands in ⟦ ⟧. A weight that is not 1 stands behind its text. */
export const coloured = (runs: readonly Run[], colours: boolean): string => {
  const c = pc.createColors(colours);
  return runs
    .map(({ text, weight }) => {
      if (weight === 0) return colours ? c.dim(text) : text;
      const of = weight === 1 ? '' : `×${weight}`;
      return colours ? `${c.green(text)}${of && c.yellow(of)}` : `⟦${text}⟧${of}`;
    })
    .join('');
};

/** Signs kept of the end of what is learnt: the token that ends an answer is among them. */
const END = 24;
/** Of long text that is only read its end, of learnt text its beginning and its end: where learning begins and ends is what one wants to see. */
const cut = ({ text, weight }: Run, length: number): Run => {
  const signs = [...text];
  if (signs.length <= length) return { text, weight };
  const kept =
    weight === 0
      ? `…${signs.slice(-length).join('')}`
      : `${signs.slice(0, length - END).join('')}…${signs.slice(-END).join('')}`;
  return { text: kept, weight };
};

/** Examples of a table, each shortened to some lines. */
export const maskedExamples = (examples: readonly Masked[], colours: boolean, length = 200): string => {
  const c = pc.createColors(colours);
  return examples
    .map(
      ({ example, runs }) =>
        `${c.bold(`example ${example}`)}\n${coloured(
          runs.map((run) => cut(run, length)),
          colours,
        )}`,
    )
    .join('\n');
};
