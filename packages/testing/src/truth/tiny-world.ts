// A world small enough to enumerate: 8 letters, answers of 4, one prompt; every probability, reward and optimum can be computed exactly.
import type { DesignValue, FeedbackRow, ModelValue, RowsValue } from '@ingot/contracts';
import { normal, uniform } from '@ingot/tensor';
import { charactersJson, END_OF_TEXT, tokenizerValue } from '@ingot/text';
import { COLUMNS, END_COLUMN, LETTERS, LENGTH, ANSWERS, columnOf } from './answers.js';

const letters = 'abcdefgh';
/** The prompt of the world. */
export const PROMPT = 'P';
/** Ids: end-of-text 0, the prompt 1, the letters from 2 on. */
export const FIRST_LETTER = 2;
/** Rows of the table. */
export const VOCABULARY = FIRST_LETTER + LETTERS;
const tokenizer = tokenizerValue(charactersJson([PROMPT, ...letters], [END_OF_TEXT]));
/** A logit that never happens. */
const NEVER = -30;

/** The design of the tabular family: its one parameter is a table of logits, a column for each beginning of an answer. */
export const tabularDesign: DesignValue = {
  family: 'tabular',
  version: 1,
  config: {},
  vocabSize: VOCABULARY,
  context: LENGTH + 1,
  tokenizer,
};

/** A drawn world: a reference policy and a reward, both over all 4,096 answers. */
export interface TinyWorld {
  readonly model: ModelValue;
  /** log π_ref of each answer, (4096). */
  readonly logReference: Float64Array;
  /** The planted reward, N(0, 1) each, (4096). */
  readonly reward: Float64Array;
  /** Pairs y₁, y₂ ~ π_ref, the first preferred with σ(r₁ − r₂) (Bradley and Terry 1952); pairs of one answer are left out. */
  pairs(count: number): RowsValue<FeedbackRow>;
}

/** The text of an answer by number. */
export const answerText = (answer: number): string =>
  Array.from({ length: LENGTH }, (_, at) => letters[Math.floor(answer / LETTERS ** (LENGTH - 1 - at)) % LETTERS]).join(
    '',
  );

function drawTable(seed: number): Float32Array {
  const drawn = normal(LETTERS * COLUMNS, [seed, 11]);
  const table = new Float32Array(VOCABULARY * COLUMNS).fill(NEVER);
  for (let letter = 0; letter < LETTERS; letter++)
    for (let column = 0; column < END_COLUMN; column++)
      table[(FIRST_LETTER + letter) * COLUMNS + column] = drawn[letter * COLUMNS + column]!;
  table[END_COLUMN] = -NEVER; // after four letters comes the end, surely
  return table;
}

/** log π of every answer under a table of logits (V, columns), in double precision, (4096). The end's own probability counts. */
export function answerLogProbabilities(table: Float32Array): Float64Array {
  const columns = Array.from({ length: COLUMNS }, (_, column) => {
    const logits = Array.from({ length: VOCABULARY }, (_row, row) => table[row * COLUMNS + column]!);
    const most = Math.max(...logits);
    const sum = most + Math.log(logits.reduce((all, logit) => all + Math.exp(logit - most), 0));
    return logits.map((logit) => logit - sum);
  });
  return Float64Array.from({ length: ANSWERS }, (_, answer) => {
    let total = columns[END_COLUMN]![0]!;
    for (let at = 0; at < LENGTH; at++) {
      const letter = Math.floor(answer / LETTERS ** (LENGTH - 1 - at)) % LETTERS;
      total += columns[columnOf(answer, at)]![FIRST_LETTER + letter]!;
    }
    return total;
  });
}

/** log π of every answer under a model of the tabular family. */
export const logPolicy = async (model: ModelValue): Promise<Float64Array> =>
  answerLogProbabilities(await model.read('table.weight'));

/** KL(p ‖ q) in nats of two lists of log-probabilities. */
export const divergence = (p: Float64Array, q: Float64Array): number =>
  p.reduce((sum, logP, i) => sum + Math.exp(logP) * (logP - q[i]!), 0);

/** The log-probabilities that are proportional to exp(x). */
export function normalised(x: Float64Array): Float64Array {
  const most = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = most + Math.log(x.reduce((all, one) => all + Math.exp(one - most), 0));
  return x.map((one) => one - sum);
}
/** π* = π_ref · exp(r / β) / Z (Rafailov et al. 2023, equation 4). */
export const closedForm = ({ logReference, reward }: TinyWorld, beta: number): Float64Array =>
  normalised(logReference.map((log, i) => log + reward[i]! / beta));

/** Pearson's correlation. */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const mean = (numbers: ArrayLike<number>) => Array.from(numbers).reduce((a, b) => a + b, 0) / numbers.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [x[i]! - mx, y[i]! - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

/** A world of this seed. */
export function tinyWorld(seed: number): TinyWorld {
  const table = drawTable(seed);
  const logReference = answerLogProbabilities(table);
  const reward = Float64Array.from(normal(ANSWERS, [seed, 12]));
  const cumulative = logReference.map(
    (
      (sum) => (log: number) =>
        (sum += Math.exp(log))
    )(0),
  );
  const answerAt = (u: number): number => {
    let [low, high] = [0, ANSWERS - 1];
    const wanted = u * cumulative[ANSWERS - 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulative[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const drawn = function* (count: number): Generator<FeedbackRow, void, void> {
    const block = 4096;
    for (let made = 0, at = 0; made < count; at += block) {
      // Four numbers a pair: its two answers, its label, one unused, so that a block begins at a whole counter.
      const u = uniform(4 * block, [seed, 13], at);
      for (let i = 0; i < block && made < count; i++) {
        const [first, second] = [answerAt(u[4 * i]!), answerAt(u[4 * i + 1]!)];
        if (first === second) continue;
        const wins = u[4 * i + 2]! < 1 / (1 + Math.exp(reward[second]! - reward[first]!));
        const [better, worse] = wins ? [first, second] : [second, first];
        yield {
          prompt: PROMPT,
          completions: [
            { text: answerText(better), rank: 0 },
            { text: answerText(worse), rank: 1 },
          ],
        };
        made++;
      }
    }
  };
  return {
    logReference,
    reward,
    model: {
      design: tabularDesign,
      tensors: { 'table.weight': { shape: [VOCABULARY, COLUMNS], dtype: 'f32' } },
      read: async () => table.slice(),
    },
    pairs: (count) => ({
      rows: count,
      async *read() {
        yield* drawn(count);
      },
    }),
  };
}
