// Rail `injection`: signs of a prompt that tries to undo its instructions, weighed together. After NeMo Guardrails' heuristics and published jailbreaks.
import { type Decision, Rail, type RailSide, type RailValue } from '@ingot/contracts';
import * as z from 'zod';
import { decisionOption } from './options.js';

/** A sign: how likely it alone makes an attack, and what shows it. */
interface Sign {
  readonly name: string;
  readonly weight: number;
  find(text: string): readonly [number, number] | undefined;
}
const matched =
  (pattern: RegExp) =>
  (text: string): readonly [number, number] | undefined => {
    const found = pattern.exec(text);
    return found ? [found.index, found.index + found[0].length] : undefined;
  };
const times =
  (pattern: RegExp, atLeast: number) =>
  (text: string): readonly [number, number] | undefined => {
    const found = [...text.matchAll(pattern)];
    const last = found.at(-1);
    return found.length >= atLeast && last ? [found[0]!.index, last.index + last[0].length] : undefined;
  };
/** The last 80 characters, when most of them are neither letters, digits nor spaces, or its words mix signs and letters: an optimised suffix (Zou et al. 2023). */
const suffix = (text: string): readonly [number, number] | undefined => {
  const start = Math.max(0, text.length - 80);
  const tail = text.slice(start);
  const odd = tail.match(/[^\p{L}\p{N}\s.,;:?'"-]/gu)?.length ?? 0;
  const code = /[=;{}]\s*\n|=>|\bfunction\b|\bconst\b/u.test(text);
  return tail.length >= 40 && odd / tail.length > 0.18 && !code ? [start, text.length] : undefined;
};

const SIGNS: readonly Sign[] = [
  {
    name: 'ignore',
    weight: 0.8,
    find: matched(
      /\b(?:ignore|disregard|forget|override|bypass)\s+(?:all\s+|any\s+|every(?:thing)?\s+|the\s+|your\s+|of\s+|these\s+|those\s+|my\s+){0,4}(?:previous|prior|above|earlier|preceding|existing|original|initial|system|safety)?\s*(?:instructions?|prompts?|rules|guidelines|directions|messages|policies|restrictions)\b/iu,
    ),
  },
  {
    name: 'persona',
    weight: 0.6,
    find: matched(
      /\b(?:you are now|act as|pretend (?:to be|you are)|from now on,? you(?: are|'re| will)|role-?play as)\b.{0,80}\b(?:dan|unrestricted|unfiltered|uncensored|jailbroken|evil|no (?:rules|limits|restrictions|filters?|morals|ethics)|without (?:any )?(?:rules|limits|restrictions|filters?|morals|ethics)|anything now)\b/isu,
    ),
  },
  {
    name: 'dan',
    weight: 0.7,
    find: matched(/\b(?:do anything now|dan mode|developer mode (?:enabled|on)|jailbreak(?:ed)? mode|god mode)\b/iu),
  },
  {
    name: 'reveal',
    weight: 0.65,
    find: matched(
      /\b(?:reveal|print|show|repeat|output|tell me|leak|display)\b.{0,40}\b(?:your|the)\s+(?:hidden |secret |initial |original |full |exact )*(?:system prompt|system message|instructions above|initial instructions|hidden instructions)\b/isu,
    ),
  },
  {
    name: 'role-marks',
    weight: 0.7,
    find: matched(
      /<\|(?:im_start|im_end|system|user|assistant|eot_id|start_header_id)\|>|\[\/?INST\]|<<\/?SYS>>|^\s*#{2,3}\s*(?:system|instruction)\s*:/imu,
    ),
  },
  {
    name: 'no-refusal',
    weight: 0.55,
    find: matched(
      /\b(?:(?:do not|don't|never|must not|cannot|can't) (?:refuse|say you can(?:'t|not)|apologi[sz]e|add (?:any )?(?:warnings?|disclaimers?))|begin (?:your (?:answer|reply|response) )?with ["'“]?(?:sure|absolutely|of course)|start (?:your (?:answer|reply|response) )with ["'“]?(?:sure|absolutely|of course))/iu,
    ),
  },
  { name: 'many-shot', weight: 0.75, find: times(/^(?:human|user|q|question)\s*:/gimu, 5) },
  {
    name: 'encoded',
    weight: 0.55,
    find: matched(
      /(?<![A-Za-z0-9+/=])(?=[A-Za-z0-9+/]*[0-9])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])[A-Za-z0-9+/]{32,}={0,2}(?![A-Za-z0-9+/=])/u,
    ),
  },
  {
    name: 'decode',
    weight: 0.35,
    find: matched(
      /\b(?:decode|decipher|base64|rot13)\b.{0,60}\b(?:follow|answer|execute|obey|respond|do what|comply)\b/isu,
    ),
  },
  {
    name: 'hidden-signs',
    weight: 0.5,
    find: matched(/[\u200B-\u200F\u202A-\u202E\u2060-\u2064\u{E0000}-\u{E007F}]{2,}/u),
  },
  { name: 'suffix', weight: 0.6, find: suffix },
];

export interface InjectionScore {
  /** 1 − Π (1 − weight) over the signs that are there. */
  readonly score: number;
  readonly signs: readonly string[];
  /** From the first sign to the last. */
  readonly span: readonly [number, number];
}

/** How much a prompt looks like an attack: 0 without a sign. */
export const injectionScore = (text: string): InjectionScore => {
  const found = SIGNS.flatMap(({ name, weight, find }) => {
    const span = find(text);
    return span ? [{ name, weight, span }] : [];
  });
  return {
    score: 1 - found.reduce((rest, { weight }) => rest * (1 - weight), 1),
    signs: found.map(({ name }) => name),
    span: [
      Math.min(text.length, ...found.map(({ span }) => span[0])),
      Math.max(0, ...found.map(({ span }) => span[1])),
    ],
  };
};

/** A rail on what people write. It judges a text as a whole: of a stream it would hold back everything. */
export const injectionRail = (
  threshold = 0.5,
  decision: Decision = 'refuse',
  sides: readonly RailSide[] = ['input'],
): RailValue => ({
  name: 'injection',
  sides,
  inspect({ text, from, final }) {
    if (!final) return { verdicts: [], settled: from };
    const { score, span } = injectionScore(text);
    const verdicts = score >= threshold ? [{ decision, category: 'prompt-injection', score, span }] : [];
    return { verdicts, settled: text.length };
  },
});

/** Rail `injection`. */
export const injectionPart = Rail.part({
  name: 'injection',
  version: 1,
  options: z.strictObject({
    threshold: z.number().gt(0).max(1).default(0.5).describe('The score from which a prompt counts as an attack.'),
    decision: decisionOption('refuse'),
  }),
  make: ({ threshold, decision }) => injectionRail(threshold, decision),
});
