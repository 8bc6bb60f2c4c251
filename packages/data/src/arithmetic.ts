// Problems of arithmetic in a drawn order, each once: 17+5= and 5+17= are one problem, so that no split has the other half of a held-out one.
import { uniform, type PhiloxKey } from '@ingot/tensor';

/** Operations, as they are spelt. Terms are whole and not negative, and of a difference the first is the largest. */
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
export interface ProblemHow {
  /** Digits of the largest term. */
  readonly digits: number;
  /** Terms of a problem; it has one operation. */
  readonly terms: number;
  readonly operations: readonly Operation[];
  /** Asks for what is left when the result is divided by it: (17+5)%4=. */
  readonly modulus?: number | undefined;
}

/** How many different problems there are: terms in any order, C(10^digits + terms − 1, terms), for each operation. */
export const problemsThereAre = ({ digits, terms, operations }: ProblemHow): number => {
  let ways = 1;
  for (let term = 1; term <= terms; term++) ways = (ways * (10 ** digits + term - 1)) / term;
  return operations.length * Math.round(ways);
};

function problemOf(terms: readonly number[], operation: Operation, modulus: number | undefined): Problem {
  const largest = terms.indexOf(Math.max(...terms));
  const ordered = operation === '-' ? [terms[largest]!, ...terms.filter((_, i) => i !== largest)] : terms;
  const [spelt, result] = [ordered.join(operation), ordered.reduce(OPERATIONS[operation])];
  if (modulus === undefined) return { question: `${spelt}=`, answer: String(result) };
  return { question: `(${spelt})%${modulus}=`, answer: String(((result % modulus) + modulus) % modulus) };
}

/** `count` problems, no two the same, the same for the same key; each draw takes every term and operation alike. Wants `count` of at most `problemsThereAre`. */
export function drawProblems(count: number, how: ProblemHow & { readonly key: PhiloxKey }): readonly Problem[] {
  const drawn = new Map<string, Problem>();
  const blocks = Math.ceil((how.terms + 1) / 4);
  for (let draw = 0; drawn.size < count; draw++) {
    const [which = 0, ...rest] = uniform(how.terms + 1, how.key, draw * blocks);
    const terms = rest.map((x) => Math.floor(x * 10 ** how.digits));
    const operation = how.operations[Math.floor(which * how.operations.length)]!;
    const same = `${operation} ${terms.toSorted((a, b) => a - b).join(' ')}`;
    if (!drawn.has(same)) drawn.set(same, problemOf(terms, operation, how.modulus));
  }
  return [...drawn.values()];
}
