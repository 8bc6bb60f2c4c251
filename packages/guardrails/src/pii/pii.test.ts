// PII and secrets: published test numbers, what looks like them and is not, and check digits against their definitions.
import type { RailValue } from '@ingot/contracts';
import { describe, expect, it } from 'vitest';
import { passRails } from '../chain/pass.js';
import { secretsRail } from '../rails/secrets.js';
import { luhn, mod97, verhoeff } from './check-digits.js';
import { piiRail } from './pii.js';

const found = async (text: string, rail: RailValue = piiRail()) =>
  (await passRails([rail], text, 'input')).verdicts.map(({ category, span }) => [category, text.slice(...span)]);

describe('check digits', () => {
  // Wikipedia's worked examples; the UIDAI's published test numbers; the registry's example IBANs
  it('Luhn', () => {
    for (const number of [
      '79927398713',
      '17893729974',
      '4111111111111111',
      '5555555555554444',
      '378282246310005',
      '6011111111111117',
      '30569309025904',
      '3530111333300000',
    ])
      expect(luhn(number)).toBe(true);
    for (let digit = 0; digit < 10; digit++) expect(luhn(`7992739871${digit}`)).toBe(digit === 3);
    expect(luhn('')).toBe(false);
  });
  it('Verhoeff', () => {
    for (const number of ['2363', '999941057058', '999971658847', '999933119405', '999955183433', '999990501894'])
      expect(verhoeff(number), number).toBe(true);
    for (let digit = 0; digit < 10; digit++) expect(verhoeff(`236${digit}`)).toBe(digit === 3);
    // every error of one digit and every swap of neighbours is seen: what the scheme is for
    for (let at = 0; at < 11; at++) {
      const digits = [...'999941057058'];
      if (digits[at] !== digits[at + 1]) {
        [digits[at], digits[at + 1]] = [digits[at + 1]!, digits[at]!];
        expect(verhoeff(digits.join(''))).toBe(false);
      }
    }
  });
  it('mod 97', () => {
    for (const iban of [
      'GB82WEST12345698765432',
      'DE89370400440532013000',
      'FR1420041010050500013M02606',
      'NL91ABNA0417164300',
      'NO9386011117947',
    ])
      expect(mod97(iban)).toBe(true);
    expect([mod97('GB82WEST12345698765431'), mod97('GB82'), mod97('GB82-EST')]).toEqual([false, false, false]);
  });
});

describe('pii', () => {
  const yes: readonly (readonly [string, string, string])[] = [
    ['write to asha.rao+news@mail.example.co.in.', 'e-mail', 'asha.rao+news@mail.example.co.in'],
    ['(jörg@bücher.example)', 'e-mail', 'jörg@bücher.example'],
    ['card 4111 1111 1111 1111 123', 'card', '4111 1111 1111 1111'],
    ['card 4111-1111-1111-1111,', 'card', '4111-1111-1111-1111'],
    ['amex 3782 822463 10005', 'card', '3782 822463 10005'],
    ['5555555555554444', 'card', '5555555555554444'],
    ['Aadhaar 9999 4105 7058.', 'aadhaar', '9999 4105 7058'],
    ['Aadhaar 999941057058', 'aadhaar', '999941057058'],
    ['PAN ABCPE1234F', 'pan', 'ABCPE1234F'],
    ['PAN ABCDE1234F', 'pan', 'ABCDE1234F'],
    ['pay asha@okhdfcbank now', 'upi', 'asha@okhdfcbank'],
    ['pay 9876543210@paytm.', 'upi', '9876543210@paytm'],
    ['call +91 98765 43210', 'phone', '+91 98765 43210'],
    ['call 098765 43210', 'phone', '098765 43210'],
    ['call me at 9876543210!', 'phone', '9876543210'],
    ['call (415) 555-0132', 'phone', '(415) 555-0132'],
    ['call 415-555-2671', 'phone', '415-555-2671'],
    ['ring +44 20 7946 0958', 'phone', '+44 20 7946 0958'],
    ['IBAN GB82 WEST 1234 5698 7654 32 THANK YOU', 'iban', 'GB82 WEST 1234 5698 7654 32'],
    ['DE89370400440532013000', 'iban', 'DE89370400440532013000'],
  ];
  for (const [text, category, span] of yes)
    it(`${category}: ${text}`, async () => expect(await found(text)).toEqual([[category, span]]));
  for (const text of [
    'order 4111 1111 1111 1112',
    'order no. 9876543210',
    'ticket #9876543210',
    'on 2024-10-12 at 15:30',
    '10.0.19041.1234',
    'icon@2x.png',
    '@asha said',
    'asha @ home',
    '1234 5678 9012',
    '9999 4105 7059',
    'ABCDE1234',
    'ABCDEF1234G',
    'abcpe1234f',
    'user@localhost',
    'asha@somebank',
    'GB82 WEST 1234 5698 7654 31',
    'ISBN 978-3-16-148410-0',
    '1,234,567,890',
    '192.168.100.200',
    '3.14159265358979',
    '1111111111',
    '12 34 56 78 90',
    'v2024.10.12',
    '2024-10-12T15:30:00Z',
    'x = 1000000000000000',
  ])
    it(`nothing: ${text}`, async () => expect(await found(text)).toEqual([]));
  it('an e-mail address with a handle of UPI is one of e-mail', async () =>
    expect(await found('bob@paytm.com')).toEqual([['e-mail', 'bob@paytm.com']]));
});

describe('secrets', () => {
  const made = (begin: string, length: number) => begin + 'Ab3dEf6hIj9lMn2p'.repeat(20).slice(0, length);
  const yes: Readonly<Record<string, string>> = {
    'aws-key': `AKIA${'IOSFODNN7EXAMPLE'}`,
    'github-token': made('ghp_', 36),
    'slack-token': made('xoxb-', 24),
    'model-api-key': made('sk-proj-', 40),
    'google-key': made('AIza', 35),
    'stripe-key': made('sk_live_', 24),
    'npm-token': made('npm_', 36),
    'hugging-face-token': made('hf_', 34),
    'json-web-token': `${made('eyJ', 20)}.${made('eyJ', 40)}.${made('', 43)}`,
    'private-key': `-----BEGIN RSA PRIVATE KEY-----\n${made('', 64)}\n${made('', 64)}\n-----END RSA PRIVATE KEY-----`,
  };
  for (const [category, secret] of Object.entries(yes))
    it(category, async () => expect(await found(`take ${secret} home`, secretsRail())).toEqual([[category, secret]]));
  for (const text of [
    'sk-learn is a library',
    'AKIA',
    'ghp_short',
    'npm_config_registry',
    'the hf_hub',
    'AKIAIOSFODNN7EXAMPLES',
    '-----BEGIN CERTIFICATE-----',
  ])
    it(`nothing: ${text}`, async () => expect(await found(text, secretsRail())).toEqual([]));
});
