// Characters that are cut over tokens come out whole, and a cut one at the end as U+FFFD.
import { expect, it } from 'vitest';
import { textStream } from './text-stream.js';

const one = (id: number): Uint8Array => Uint8Array.of(id);
const play = (text: string, stops: readonly string[] = []) => {
  const stream = textStream(one, stops);
  const shown = [...new TextEncoder().encode(text)].map((byte) => stream.push(byte).text);
  return { shown, rest: stream.end() };
};

it('shows a character with its last byte', () => {
  expect(play('a€😀')).toEqual({ shown: ['a', '', '', '€', '', '', '', '😀'], rest: { text: '', stopped: false } });
});
it('keeps a leading U+FEFF, which is text', () => {
  expect(play('\uFEFFa').shown.join('')).toBe('\uFEFFa');
});
it('ends a cut character with U+FFFD, after what was held back', () => {
  const stream = textStream(one, ['\n\n']);
  expect([0x61, 0x0a, 0xe2].map((byte) => stream.push(byte).text)).toEqual(['a', '', '']);
  expect(stream.end()).toEqual({ text: '\n\uFFFD', stopped: false });
});
it('sees a stop string that begins inside of a token and ends inside of another', () => {
  const words = ['x\r', '\n\r', '\nrest'].map((word) => new TextEncoder().encode(word));
  const stream = textStream((id) => words[id] ?? new Uint8Array(), ['\r\n\r\n']);
  expect([0, 1, 2].map((id) => stream.push(id))).toEqual([
    { text: 'x', stopped: false },
    { text: '', stopped: false },
    { text: '', stopped: true },
  ]);
});
