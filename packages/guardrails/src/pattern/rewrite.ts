// A pattern written anew: with every repeat ended, and as the pattern of everything that may still become a match.
import type { AST } from '@eslint-community/regexpp';
import { refuse } from './refuse.js';
import { seesOneCharacter } from './measure.js';

/** The end of the text: the flag 'm', with which it would be a line's, is refused. */
const END = '$';

export interface RewriteHow {
  /** What `*`, `+` and `{n,}` mean at most; without it they are refused. */
  readonly repeat: number | undefined;
  /** Every atom may also be the end of the text: what matches then is the beginning of a match. */
  readonly partial: boolean;
}

/** Source of a whole pattern. Throws `bad-options` for backreferences, lookaheads over more than one character, and repeats without an end. */
export const rewrite = (pattern: AST.Pattern, how: RewriteHow): string => {
  const { repeat, partial } = how;
  const orEnd = (source: string): string => (partial ? `(?:${source}|${END})` : source);
  const alternatives = (all: readonly AST.Alternative[]): string =>
    all.map(({ elements }) => elements.map(element).join('')).join('|');

  const quantifier = ({ element: inner, min, max, greedy, raw }: AST.Quantifier): string => {
    if (max === Infinity && repeat === undefined)
      refuse(
        pattern.raw,
        'a longest match, so that a stream knows what to hold back',
        `'${raw}' without an end`,
        "Write {0,40} in place of *, or give the option 'repeat': what *, + and {n,} mean at most.",
      );
    const most = max === Infinity ? Math.max(min, repeat ?? min) : max;
    return `(?:${element(inner)}){${min},${most}}${greedy ? '' : '?'}`;
  };
  const element = (node: AST.Element): string => {
    switch (node.type) {
      case 'Quantifier':
        return quantifier(node);
      case 'Group':
        if (node.modifiers)
          refuse(pattern.raw, 'flags for the whole pattern', node.raw, "Give them in the option 'flags'.");
        return `(?:${alternatives(node.alternatives)})`;
      case 'CapturingGroup':
        return `(?:${alternatives(node.alternatives)})`;
      case 'Backreference':
        return refuse(
          pattern.raw,
          'no backreference',
          node.raw,
          'Write the alternatives out: how long a repeated group is cannot be told.',
        );
      case 'Assertion':
        if (node.kind === 'lookahead' && !seesOneCharacter(node.alternatives))
          refuse(
            pattern.raw,
            'a lookahead over one character',
            node.raw,
            'Take the text that follows into the pattern instead.',
          );
        return orEnd(node.raw);
      default:
        return orEnd(node.raw);
    }
  };
  return alternatives(pattern.alternatives);
};

/** As `rewrite`, for what would match from its place up to the end of the text. */
export const beginnings = (pattern: AST.Pattern, repeat: number | undefined): string =>
  `(?:${rewrite(pattern, { repeat, partial: true })})${END}`;
