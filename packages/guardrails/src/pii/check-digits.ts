// Check digits: Luhn (ISO/IEC 7812-1), Verhoeff (1969, the dihedral group D5), and mod 97 (ISO 13616).

/** Whether the digits satisfy Luhn's sum: every second from the right doubled, all digits summed, a multiple of 10. */
export const luhn = (digits: string): boolean => {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? 2 * digit : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
};

/** The product of D5: rotations 0-4, reflections 5-9. */
const times = (a: number, b: number): number =>
  a < 5 ? (b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)) : b < 5 ? 5 + ((a - b) % 5) : (a - b + 5) % 5;
const ONCE = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
/** The permutation of a digit, applied `place` times (it repeats after eight). */
const permuted = (digit: number, place: number): number => {
  let at = digit;
  for (let i = 0; i < place % 8; i++) at = ONCE[at]!;
  return at;
};

/** Whether the digits, the check digit last, satisfy Verhoeff's scheme. */
export const verhoeff = (digits: string): boolean => {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum = times(sum, permuted(Number(digits[digits.length - 1 - i]), i));
  return digits.length > 0 && sum === 0;
};

/** Whether an IBAN without spaces, in capitals, is 1 modulo 97 with its first four signs moved to the end and A = 10 … Z = 35. */
export const mod97 = (iban: string): boolean => {
  let rest = 0;
  for (const sign of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(sign, 36);
    if (Number.isNaN(value)) return false;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return iban.length > 4 && rest === 1;
};
