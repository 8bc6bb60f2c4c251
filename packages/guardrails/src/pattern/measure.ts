// The shortest and the longest text that a part of a pattern takes, and how far a lookahead sees.
import type { AST } from '@eslint-community/regexpp';

/** Lengths in UTF-16 code units; `longest` is Infinity where a repeat has no end. */
export interface Lengths {
  readonly shortest: number;
  readonly longest: number;
}
const NOTHING: Lengths = { shortest: 0, longest: 0 };
const scale = (length: number, times: number): number => (length === 0 || times === 0 ? 0 : length * times);

const ofAlternatives = (alternatives: readonly AST.Alternative[]): Lengths => {
  const all = alternatives.map((alternative) => {
    const parts = alternative.elements.map(lengthsOf);
    return {
      shortest: parts.reduce((sum, { shortest }) => sum + shortest, 0),
      longest: parts.reduce((sum, { longest }) => sum + longest, 0),
    };
  });
  return {
    shortest: Math.min(...all.map(({ shortest }) => shortest)),
    longest: Math.max(...all.map(({ longest }) => longest)),
  };
};

/** Whether what it stands for is one code unit, for what is easily told. */
const isNarrow = (one: AST.CharacterClassElement | AST.CharacterSet): boolean =>
  (one.type === 'Character' && one.value <= 0xffff) ||
  (one.type === 'CharacterClassRange' && one.max.value <= 0xffff) ||
  (one.type === 'CharacterSet' && (one.kind === 'digit' || one.kind === 'space' || one.kind === 'word') && !one.negate);

/** Lengths of what an element takes. A character may be a surrogate pair: 1 to 2 code units. */
export const lengthsOf = (node: AST.Element): Lengths => {
  switch (node.type) {
    case 'Quantifier': {
      const { shortest, longest } = lengthsOf(node.element);
      return { shortest: scale(shortest, node.min), longest: scale(longest, node.max) };
    }
    case 'Group':
    case 'CapturingGroup':
      return ofAlternatives(node.alternatives);
    case 'Character':
      return node.value > 0xffff ? { shortest: 2, longest: 2 } : { shortest: 1, longest: 1 };
    case 'CharacterClass':
      return node.elements.every(isNarrow) && !node.negate ? { shortest: 1, longest: 1 } : { shortest: 1, longest: 2 };
    case 'CharacterSet':
      return { shortest: 1, longest: isNarrow(node) ? 1 : 2 };
    case 'ExpressionCharacterClass':
      return { shortest: 1, longest: 2 };
    case 'Backreference':
      return { shortest: 0, longest: Infinity };
    default:
      return NOTHING; // assertions take nothing
  }
};

/** Lengths of a whole pattern. */
export const patternLengths = (pattern: AST.Pattern): Lengths => ofAlternatives(pattern.alternatives);

/** Whether a lookahead can be answered by the one character that follows: no alternative takes two, or looks further after one. */
export const seesOneCharacter = (alternatives: readonly AST.Alternative[]): boolean =>
  alternatives.every(({ elements }) => {
    const simple = elements.filter(({ type }) => type !== 'Assertion');
    if (simple.length === 0) return elements.every((one) => one.type === 'Assertion' && one.kind !== 'lookahead');
    return (
      elements.length === 1 &&
      ['Character', 'CharacterSet', 'CharacterClass', 'ExpressionCharacterClass'].includes(simple[0]!.type)
    );
  });
