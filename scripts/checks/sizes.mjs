// No source file over 400 lines; the median and the ninetieth percentile are printed beside their budget.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../lib/packages.mjs';
import { root as repository } from '../lib/run.mjs';

const CAP = 400;
const ENDINGS = ['.ts', '.mjs', '.js', '.py', '.cc', '.h'];
const FOLDERS = ['packages', 'apps', 'scripts', 'tests', 'bench'];

const linesOf = (text) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** Faults: files over the cap in the workspace at `root`. */
export const check = ({ root = repository } = {}) => {
  const sizes = FOLDERS.flatMap((folder) => filesBelow(folder, ENDINGS, root)).map((file) => ({
    file,
    lines: linesOf(readFileSync(join(root, file), 'utf8')),
  }));
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  const at = (part) => sorted[Math.floor(part * (sorted.length - 1))];
  console.log(
    `    ${sorted.length} files, ${sorted.reduce((a, b) => a + b, 0)} lines: median ${at(0.5)} (budget 120), 90th percentile ${at(0.9)} (budget 250), largest ${sorted.at(-1)} (cap ${CAP})`,
  );
  return sizes
    .filter(({ lines }) => lines > CAP)
    .map(({ file, lines }) => `${file} has ${lines} lines, the cap is ${CAP}: tell it as two ideas.`);
};
