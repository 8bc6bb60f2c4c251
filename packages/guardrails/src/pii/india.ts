// Numbers of India: Aadhaar (12 digits with Verhoeff's check digit), PAN, and UPI addresses.
import type { Accept } from '../pattern/scan.js';
import { verhoeff } from './check-digits.js';

/** Three groups of four; a fourth is taken into the candidate, so that a card is not read as Aadhaar. */
export const AADHAAR = String.raw`(?<![\p{L}\p{N}_.#])(?<!\d[ -])[2-9]\d{3}(?:\d{8}| \d{4} \d{4}(?: \d{1,4})?|-\d{4}-\d{4}(?:-\d{1,4})?)(?![\p{L}\p{N}_])`;
/** UIDAI: the first digit is 2 to 9, the last is Verhoeff's check digit. */
export const acceptAadhaar: Accept = (candidate) => {
  const digits = candidate.replaceAll(/\D/g, '');
  return digits.length === 12 && verhoeff(digits) ? [0, candidate.length] : undefined;
};

/** Permanent account number: five letters, four digits, a letter. */
export const PAN = String.raw`(?<![\p{L}\p{N}_-])[A-Z]{5}\d{4}[A-Z](?![\p{L}\p{N}_-])`;

/** Handles of payment apps and banks, as NPCI lists them; an address with another ending is not taken for UPI. */
const HANDLES = [
  'abfspay airtel apl axisb axisbank axl barodampay cnrb dbs fam fbl federal freecharge hdfcbank hsbc',
  'ibl icici idbi idfcbank ikwik indus jupiteraxis kbl kotak mahb naviaxis okaxis okhdfcbank okicici',
  'oksbi paytm payzapp pingpay pnb postbank ptaxis pthdfc ptsbi ptyes rapl rbl sbi sib slice superyes',
  'timecosmos uboi uco unionbank upi waaxis wahdfcbank waicici wasbi yapl ybl yesbank yescred yespay',
].flatMap((line) => line.split(' '));
/** name@handle; what would make it an e-mail address is taken into the candidate. */
export const UPI = String.raw`(?<![\p{L}\p{N}_.+%-])[A-Za-z0-9][A-Za-z0-9._-]{1,63}@(?:${HANDLES.join('|')})(?:\.[A-Za-z]{1,24})?(?![\p{L}\p{N}_-])`;
/** An address whose handle goes on with '.com' is an e-mail address. */
export const acceptUpi: Accept = (candidate) =>
  candidate.slice(candidate.indexOf('@')).includes('.') ? undefined : [0, candidate.length];
