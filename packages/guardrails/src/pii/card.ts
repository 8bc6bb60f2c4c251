// Payment cards: 12 to 19 digits with an issuer's beginning and length, and Luhn's sum.
import type { Accept } from '../pattern/scan.js';
import { luhn } from './check-digits.js';

/** Beginnings and lengths by issuer, ISO/IEC 7812 as the networks publish them. */
const ISSUERS = [
  { begins: /^4/, lengths: [13, 16, 19] }, // Visa
  { begins: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] }, // Mastercard
  { begins: /^3[47]/, lengths: [15] }, // American Express
  { begins: /^3(?:0[0-5]|[689])/, lengths: [14, 16, 19] }, // Diners Club
  { begins: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] }, // Discover, RuPay
  { begins: /^(?:60|8[12]|508)/, lengths: [16] }, // RuPay
  { begins: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] }, // JCB
  { begins: /^62/, lengths: [16, 17, 18, 19] }, // UnionPay
  { begins: /^(?:50|5[6-8]|6[39])/, lengths: [16, 18, 19] }, // Maestro
] as const satisfies readonly { begins: RegExp; lengths: readonly number[] }[];

/** Whether digits are a payment card's number. */
export const isCard = (digits: string): boolean =>
  ISSUERS.some(
    ({ begins, lengths }) => begins.test(digits) && (lengths as readonly number[]).includes(digits.length),
  ) && luhn(digits);

/** Groups of digits: one run, or groups of 3 to 7 that a space or a dash parts. */
export const CARD = String.raw`(?<![\p{L}\p{N}_#.])(?<!\d[ -])\d(?:[ -]?\d){11,22}(?![\p{L}\p{N}_])`;

/** The longest beginning that ends with a group and is a card: a code may stand behind it. */
export const acceptCard: Accept = (candidate) => {
  for (let end = candidate.length; end >= 12; end--) {
    if (end < candidate.length && /\d/.test(candidate[end]!)) continue;
    if (isCard(candidate.slice(0, end).replaceAll(/\D/g, ''))) return [0, end];
  }
  return undefined;
};
