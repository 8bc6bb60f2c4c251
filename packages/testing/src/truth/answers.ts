// Numbers of the tiny world: answers of four letters of eight, and a column for each of their beginnings.

export const LETTERS = 8;
export const LENGTH = 4;
/** 4,096 answers, numbered as digits in base 8. */
export const ANSWERS = LETTERS ** LENGTH;
const FIRST = [0, 1, 1 + LETTERS, 1 + LETTERS + LETTERS ** 2];
/** After a whole answer: the end. */
export const END_COLUMN = FIRST[LENGTH - 1]! + LETTERS ** (LENGTH - 1);
/** Beginnings of an answer: none, one, two or three letters, and a whole one. */
export const COLUMNS = END_COLUMN + 1;

/** The column that says how an answer goes on after its first `at` letters. */
export const columnOf = (answer: number, at: number): number =>
  at >= LENGTH ? END_COLUMN : FIRST[at]! + Math.floor(answer / LETTERS ** (LENGTH - at));

/** The same from the letters themselves, each from 0 to 7. */
export const columnAfter = (letters: readonly number[]): number =>
  letters.length >= LENGTH
    ? END_COLUMN
    : FIRST[letters.length]! + letters.reduce((number, letter) => number * LETTERS + letter, 0);
