// E-mail addresses, phone numbers and IBANs.
import type { Accept } from '../pattern/scan.js';
import { mod97 } from './check-digits.js';

/** The addresses that people write: RFC 5321's limits, no quoted local part. */
export const EMAIL = String.raw`(?<![\p{L}\p{N}_.+%-])[\p{L}\p{N}_](?:[\p{L}\p{N}_.+%'-]{0,62}[\p{L}\p{N}_+%-])?@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,5}\p{L}{2,24}(?![\p{L}\p{N}_-])`;
const FILES = new Set(['png', 'jpg', 'jpeg', 'gif', 'svg', 'webp', 'css', 'js', 'ts', 'map', 'json', 'pdf']);
/** 'icon@2x.png' is a file. */
export const acceptEmail: Accept = (candidate) =>
  FILES.has(candidate.slice(candidate.lastIndexOf('.') + 1).toLowerCase()) ? undefined : [0, candidate.length];

/** A plus, a country and 6 to 14 more digits (E.164); a ten-digit mobile of India; or an area in the North American way. */
export const PHONE = [
  String.raw`\+[1-9]\d{0,2}(?:[ .-]?\(?\d{1,5}\)?){2,6}`,
  String.raw`(?:0|91[ -]?)?[6-9]\d{4}[ -]?\d{5}`,
  String.raw`(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[.-])[2-9]\d{2}[.-]\d{4}`,
].map((form) => String.raw`(?<![\p{L}\p{N}_.#/+-])(?<!\d[ -]|\d\()${form}(?![\p{L}\p{N}_@])`);
/** Words before a number that make it something else than a phone. */
const OTHER =
  /(?:order|invoice|ticket|ref(?:erence)?|id|no|nr|number|serial|isbn|tracking|account|txn|transaction|commit|sku|asin|version|v)\.?\s{0,2}(?:no\.?|number|id|is)?\s{0,2}[:#=]?\s{0,2}$/iu;
const SAYS_PHONE =
  /(?:phone|mobile|cell|tel|telephone|whatsapp|contact|call|dial|ring)\.?\s{0,2}(?:me |us |him |her )?(?:no\.?|number|at|on|is)?\s{0,2}(?:is)?\s{0,2}[:#=]?\s{0,2}$/iu;
/** 7 to 15 digits, not all the same, and not introduced as an order, a ticket or an account. */
export const acceptPhone: Accept = (candidate, before) => {
  const digits = candidate.replaceAll(/\D/g, '');
  const near = before.slice(-40);
  const told = candidate.startsWith('+') || SAYS_PHONE.test(near);
  return digits.length >= 7 && digits.length <= 15 && new Set(digits).size > 1 && (told || !OTHER.test(near))
    ? [0, candidate.endsWith(')') && !candidate.includes('(') ? candidate.length - 1 : candidate.length]
    : undefined;
};

/** Lengths by country, ISO 13616 registry. */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AT20 BE16 BG22 BH22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GR27 HR21 HU28 IE22 IL23 ' +
    'IS26 IT27 KW30 LI21 LT20 LU20 LV21 MC27 MT31 NL18 NO15 PL28 PT25 QA29 RO24 SA24 SE24 SI19 SK24 SM27 TR26 UA29'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
/** Two letters, two digits, and groups of four. */
export const IBAN = String.raw`(?<![\p{L}\p{N}_])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){2,8}(?![\p{L}\p{N}_])`;
/** As many signs as the country's numbers have, and 1 modulo 97; words in capitals may stand behind it. */
export const acceptIban: Accept = (candidate) => {
  const length = IBAN_LENGTHS.get(candidate.slice(0, 2));
  if (length === undefined) return undefined;
  let end = 0;
  for (let signs = 0; end < candidate.length && signs < length; end++) if (candidate[end] !== ' ') signs++;
  const ends = end === candidate.length || candidate[end] === ' ';
  const signs = candidate.slice(0, end).replaceAll(' ', '');
  return ends && signs.length === length && mod97(signs) ? [0, end] : undefined;
};
