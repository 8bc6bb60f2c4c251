// A reward model, DPO's implicit reward and two baselines on what people preferred: `node bench/alignment/preferences.mjs [folder] [--write]`. Goes on where it stopped; --write puts the table into docs/preferences.md.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderStore } from 'ingot';
import { mcnemar, wilsonInterval } from '@ingot/eval';
import { loadModel } from '@ingot/decoding';
import {
  accuracyOf,
  bagOfWords,
  calibration,
  lengthBias,
  readRankings,
  scorePairs,
  textPairs,
} from '@ingot/supervised';
import { noGrad, scope } from '@ingot/tensor';
import { chatEncoder } from '@ingot/text';
import { loadRewardModel, sequenceLogProbabilities } from '@ingot/training';
import { root } from '../../scripts/lib/run.mjs';
import { machine } from '../lib/machine.mjs';
import { servicesOf } from './lib/measure.mjs';
import { openRecipe, swapped } from './lib/recipe.mjs';
import { markdown, writeTables } from './lib/tables.mjs';

const write = process.argv.includes('--write');
const [folder = join(root, '.ingot', 'preferences')] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const RECIPE = 'preferences.yaml';
process.chdir(root);
const { recipe, ingot } = await openRecipe(RECIPE);
const { path } = recipe.stages.train.how;
if (!existsSync(path)) {
  console.log(`Skipped: ${path} is not there. It is the harmless-base test split of Anthropic's hh-rlhf (MIT).`);
  process.exit(0);
}
mkdirSync(folder, { recursive: true });
console.log(machine());
const services = await servicesOf(ingot);
const run = ingot.fromRecipe(swapped(recipe)).run({ store: folderStore(join(folder, 'store')) });
run.events.subscribe((event) => {
  if (event.type === 'stage-end') console.log(`${event.stage} took ${(event.milliseconds / 1000).toFixed(1)} s`);
  if (event.type === 'checkpoint' && event.label === 'best')
    console.log(`${event.stage}: best so far at step ${event.step}`);
});
const made = await run.result();

const { design } = made.sft;
const how = {
  encoder: chatEncoder({ tokenizer: design.tokenizer, chat: design.chat }),
  maxTokens: design.context,
  pairs: 'all',
};
const parts = {
  train: (await readRankings(made.train, { ...how, port: 'train' })).rankings,
  held: (await readRankings(made.held, { ...how, port: 'held' })).rankings,
};

/** Pairs by a score of each ranking's answers, (K) numbers. */
const pairsBy = (rankings, scores) =>
  rankings.flatMap(({ pairs, lengths }, i) =>
    pairs.map(({ winner, loser }) => ({
      winner: scores[i][winner],
      loser: scores[i][loser],
      winnerLength: lengths[winner],
      loserLength: lengths[loser],
    })),
  );

/** Σ log p of the answers of each ranking under a stored model. */
const likelihoods = async (value, rankings) => {
  const model = await loadModel({ ...services, model: value });
  try {
    const sequences = rankings.flatMap(({ answers, lengths }) =>
      answers.map((ids, k) => ({ ids, from: ids.length - lengths[k] })),
    );
    const all = [];
    for (let first = 0; first < sequences.length; first += 32)
      noGrad(() =>
        scope(() => {
          const some = sequences.slice(first, first + 32);
          all.push(...sequenceLogProbabilities(model, some, { capacity: design.context }).sums.read());
        }),
      );
    let at = 0;
    return rankings.map(({ answers }) => all.slice(at, (at += answers.length)));
  } finally {
    model.dispose();
  }
};

/** What gives a score to every answer, by name: of rankings, the scored pairs. */
const scorers = async () => {
  const { live, parameters } = await loadRewardModel({ ...services, model: made.reward });
  const scoredByModel = Object.fromEntries(
    Object.entries(parts).map(([part, rankings]) => [
      part,
      scorePairs(live, rankings, { packing: 'best-fit', rows: 16 }),
    ]),
  );
  parameters.dispose();
  const { beta } = recipe.stages.aligned.how;
  const byLikelihood = {};
  const implicit = {};
  for (const [part, rankings] of Object.entries(parts)) {
    const start = await likelihoods(made.sft, rankings);
    const now = await likelihoods(made.aligned, rankings);
    byLikelihood[part] = pairsBy(rankings, start);
    implicit[part] = pairsBy(
      rankings,
      now.map((answers, i) => answers.map((sum, k) => beta * (sum - start[i][k]))),
    );
  }
  // A baseline of length alone: whichever of longer and shorter wins more of the training pairs, b · L, with b by Newton's method on -log sigmoid.
  const byLength = (b) => (rankings) =>
    pairsBy(
      rankings,
      rankings.map(({ lengths }) => lengths.map((length) => b * length)),
    );
  const slope = fitSlope(byLength(1)(parts.train).map(({ winner, loser }) => winner - loser));
  const words = bagOfWords(textPairs(parts.train));
  const byWords = (rankings) =>
    pairsBy(
      rankings,
      rankings.map(({ texts }) => texts.map(words)),
    );
  const both = (score) => ({ train: score(parts.train), held: score(parts.held) });
  return {
    'length alone': both(byLength(slope)),
    'a bag of words': both(byWords),
    'likelihood under SFT': byLikelihood,
    'reward model': scoredByModel,
    "DPO's implicit reward": implicit,
  };
};

/** b of p = sigmoid(b · x) with every pair won: a logistic regression through the origin. */
function fitSlope(differences) {
  let b = 0;
  for (let step = 0; step < 50; step++) {
    let [gradient, curvature] = [0, 1e-9];
    for (const x of differences) {
      const p = 1 / (1 + Math.exp(-b * x));
      gradient += (1 - p) * x;
      curvature += p * (1 - p) * x * x;
    }
    b += gradient / curvature;
  }
  return b;
}

const marginsOf = (pairs) => pairs.map(({ winner, loser }) => winner - loser);
const rightOf = (pairs) => marginsOf(pairs).map((margin) => (margin > 0 ? 1 : margin === 0 ? 0.5 : 0));
const all = await scorers();
const words = rightOf(all['a bag of words'].held);
const rows = Object.entries(all).map(([name, { train, held }]) => {
  const right = rightOf(held);
  const share = accuracyOf(marginsOf(held));
  const { low, high } = wilsonInterval(share * held.length, held.length);
  const bias = lengthBias(held);
  const won = right.filter((one, i) => one > words[i]).length;
  const lost = right.filter((one, i) => one < words[i]).length;
  return {
    name,
    pairs: held.length,
    trained: accuracyOf(marginsOf(train)),
    accuracy: share,
    low,
    high,
    againstWords: mcnemar(won, lost),
    calibrationError: calibration(marginsOf(held)).error,
    lengthShare: bias.share,
    besideLength: bias.controlledAccuracy,
  };
});
const longer = lengthBias(all['length alone'].held).longerAccuracy;
const percent = (share) => `${(100 * share).toFixed(1)}%`;
const lines = markdown([
  [
    'what',
    'held-out accuracy',
    '95% interval',
    'p against the bag of words',
    'on its training pairs',
    'ECE',
    'length could account for',
    'accuracy beside length',
  ],
  ...rows.map((row) => [
    row.name,
    percent(row.accuracy),
    `${percent(row.low)} to ${percent(row.high)}`,
    row.name === 'a bag of words' ? '' : row.againstWords.toPrecision(2),
    percent(row.trained),
    row.calibrationError.toFixed(3),
    row.name === 'length alone' ? 'all' : percent(row.lengthShare),
    row.name === 'length alone' ? '' : percent(row.besideLength),
  ]),
]);
console.log(
  `${parts.train.length} rows to learn from, ${parts.held.length} held out; the longer answer is the better one in ${percent(longer)} of the held-out pairs`,
);
console.log(lines);
if (write) {
  const file = new URL('preferences.results.json', import.meta.url);
  writeFileSync(file, `${JSON.stringify({ machine: machine(), rows, longer }, undefined, 1)}\n`);
  writeTables('preferences.md', { accuracy: lines });
}
await ingot.dispose();
