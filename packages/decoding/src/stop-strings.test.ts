// Stop strings over every cut of the text: what is shown never depends on the cut, and never holds a stop string or its beginning too long.
import { philox4x32 } from '@ingot/tensor';
import { describe, expect, it } from 'vitest';
import { stopStrings } from './stop-strings.js';

/** Whole numbers below `below`, from a counter. */
const randomFrom = (key: number) => {
  let counter = 0;
  return (below: number): number => philox4x32([counter++, 0, 0, 0], [key, 0])[0] % below;
};
/** What the definition says: the text before the stop string that is complete first, the longest of those. */
const expected = (text: string, stops: readonly string[]): { text: string; stopped: boolean } => {
  for (let end = 1; end <= text.length; end++) {
    const found = stops.filter((stop) => text.slice(0, end).endsWith(stop)).sort((a, b) => b.length - a.length)[0];
    if (found !== undefined) return { text: text.slice(0, end - found.length), stopped: true };
  }
  return { text, stopped: false };
};

describe('stopStrings', () => {
  it('shows the same over 1,000 cuts of random texts', () => {
    const random = randomFrom(1);
    for (let trial = 0; trial < 1000; trial++) {
      const word = (most: number) =>
        Array.from({ length: 1 + random(most) }, () => 'ab\n😀'.at(0 + random(3)) ?? '').join('') +
        (random(4) === 0 ? '😀' : '');
      const stops = Array.from({ length: 1 + random(3) }, () => word(4));
      const text = Array.from({ length: 5 }, () => word(6)).join('');
      const watch = stopStrings(stops);
      let shown = '';
      let stopped = false;
      for (let at = 0; at < text.length && !stopped;) {
        const size = 1 + random(4);
        const piece = watch.push(text.slice(at, at + size));
        at += size;
        shown += piece.text;
        stopped = piece.stopped;
        expect(stops.some((stop) => shown.includes(stop))).toBe(false);
      }
      if (!stopped) shown += watch.flush();
      expect({ text: shown, stopped }).toEqual(expected(text, stops));
    }
  });
  it('holds back only what may still become a stop string', () => {
    const watch = stopStrings(['</end>']);
    expect(watch.push('a < b')).toEqual({ text: 'a < b', stopped: false });
    expect(watch.push(' </e')).toEqual({ text: ' ', stopped: false });
    expect(watch.push('x')).toEqual({ text: '</ex', stopped: false });
    expect(watch.push('<')).toEqual({ text: '', stopped: false });
    expect(watch.flush()).toBe('<');
  });
  it('without stop strings lets everything through', () => {
    expect(stopStrings([]).push('abc')).toEqual({ text: 'abc', stopped: false });
  });
});
