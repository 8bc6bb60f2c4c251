// A regular expression that a stream can be watched with: it knows its longest match, and where one may still begin.
import { RegExpParser } from '@eslint-community/regexpp';
import { messageOf } from '@ingot/core';
import { patternLengths } from './measure.js';
import { refuse } from './refuse.js';
import { beginnings, rewrite } from './rewrite.js';

export interface PatternOptions {
  /** 'i', 's', 'u'; 'u' unless said. */
  readonly flags?: string;
  /** What `*`, `+` and `{n,}` mean at most; without it they are refused. */
  readonly repeat?: number;
}
export interface StreamPattern {
  /** The bounded pattern, with the flag 'g'. */
  readonly whole: RegExp;
  /** Matches at the first place from which everything up to the end of the text may become a match; the end itself if there is no other. */
  readonly open: RegExp;
  /** Code units of its longest match. */
  readonly longest: number;
}

/** No pattern may hold back more than this. */
export const LONGEST = 8192;
const FLAGS = /^[isu]*$/;

const parse = (source: string, flags: string) => {
  try {
    return new RegExpParser().parsePattern(source, 0, source.length, {
      unicode: flags.includes('u'),
    });
  } catch (error) {
    return refuse(source, 'a regular expression', messageOf(error), 'Correct it.');
  }
};

/**
 * Reads and bounds a pattern. Throws `bad-options` for what is no regular expression, has no longest match (unless `repeat` ends it), may match
 * nothing, has a backreference, or a lookahead over more than one character.
 */
export const streamPattern = (source: string, { flags = 'u', repeat }: PatternOptions = {}): StreamPattern => {
  if (!FLAGS.test(flags)) refuse(source, "flags of 'i', 's' and 'u'", `'${flags}'`, 'Leave the others out.');
  const bounded = rewrite(parse(source, flags), { repeat, partial: false });
  const { shortest, longest } = patternLengths(parse(bounded, flags));
  if (shortest === 0)
    refuse(
      source,
      'a pattern that takes a character at least',
      'one that matches nothing',
      'Make a part of it required.',
    );
  if (longest > LONGEST)
    refuse(
      source,
      `a longest match of at most ${LONGEST} characters`,
      `${longest}`,
      'Take smaller bounds: a stream is held back while a match may go on.',
    );
  return {
    whole: new RegExp(bounded, `g${flags}`),
    open: new RegExp(beginnings(parse(source, flags), repeat), `g${flags}`),
    longest,
  };
};
