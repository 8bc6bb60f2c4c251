// Problems of arithmetic in a drawn order, each once: 17+5= and 5+17= are one problem, so that no split has the other half of a held-out one.
import { uniform, type PhiloxKey } from '@ingot/tensor';

/** Operations, as they are spelt. Operands are whole and not negative, and of a difference the first is the larger. */
export const OPERATIONS = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
} as const satisfies Record<string, (a: number, b: number) => number>;
export type Operation = keyof typeof OPERATIONS;

export interface Problem {
  /** 17+5= */
  readonly question: string;
  /** 22 */
  readonly answer: string;
}

/** How many different problems there are of `digits` digits: unordered pairs of operands, for each operation. */
export const problemsThereAre = (digits: number, operations: number): number => {
  const numbers = 10 ** digits;
  return (operations * numbers * (numbers + 1)) / 2;
};

/** `count` problems, no two the same, the same for the same key. Wants `count` of at most `problemsThereAre`. */
export function drawProblems(
  count: number,
  {
    digits,
    operations,
    key,
  }: { readonly digits: number; readonly operations: readonly Operation[]; readonly key: PhiloxKey },
): readonly Problem[] {
  const numbers = 10 ** digits;
  const drawn = new Map<string, Problem>();
  for (let block = 0; drawn.size < count; block++) {
    const [x, y, z] = uniform(3, key, block) as unknown as readonly [number, number, number];
    const [a, b] = [Math.floor(x * numbers), Math.floor(y * numbers)];
    const operation = operations[Math.floor(z * operations.length)]!;
    const [large, small] = a > b ? [a, b] : [b, a];
    const same = `${large}${operation}${small}`;
    if (drawn.has(same)) continue;
    const [first, second] = operation === '-' ? [large, small] : [a, b];
    drawn.set(same, {
      question: `${first}${operation}${second}=`,
      answer: String(OPERATIONS[operation](first, second)),
    });
  }
  return [...drawn.values()];
}
