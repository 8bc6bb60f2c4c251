// Rails over what goes into a model and what comes out: the plugin, and the functions behind it.
import { definePlugin } from '@ingot/core';
import { classifierPart } from './classifier/classifier-rail.js';
import { classifierStage } from './classifier/classifier-stage.js';
import { piiPart } from './pii/pii.js';
import { injectionPart } from './rails/injection.js';
import { phrasesRail } from './rails/phrases.js';
import { regexRail } from './rails/regex.js';
import { secretsPart } from './rails/secrets.js';
import { redTeamStage } from './red-team/red-team-stage.js';
import { toxicityPart } from './rails/toxicity.js';

export { places, strictest, strictness, type Place } from './chain/clusters.js';
export { guardOf, usualRails, type Guard } from './chain/guard.js';
export { passRails, type Passed } from './chain/pass.js';
export { plainWording, RailStream, type RailVerdict, type Wording } from './chain/rail-stream.js';
export { classifierPart, classifierRail } from './classifier/classifier-rail.js';
export { chooseThreshold, type Choose } from './classifier/choose-threshold.js';
export { classifierStage, worstSentence } from './classifier/classifier-stage.js';
export {
  classifierJson,
  classifierOf,
  classify,
  type Classifier,
  type ClassifierJson,
} from './classifier/classifier.js';
export {
  areaUnderRoc,
  averagePrecision,
  cheapestThreshold,
  curve,
  type Costs,
  type CurvePoint,
  type Scored,
} from './classifier/curves.js';
export { featuresOf, hash, type Features } from './classifier/features.js';
export { classifierCodec, RailClassifier } from './classifier/kind.js';
export { labelledTexts, type GroupedText } from './classifier/labelled-rows.js';
export { ratesOf, type GroupedScore, type Rate } from './classifier/rates.js';
export { sentences, type Sentence } from './classifier/sentences.js';
export { trainClassifier, type LabelledText, type TrainHow } from './classifier/train.js';
export { END_WORDS, limitFrom, perplexityReader, type Perplexity } from './perplexity/perplexity.js';
export { perplexityLimits, perplexityRail, type PerplexityLimits } from './perplexity/perplexity-rail.js';
export { luhn, mod97, verhoeff } from './pii/check-digits.js';
export { piiCategories, piiPart, piiRail, type PiiCategory } from './pii/pii.js';
export { policies, policyOf, type PolicyName } from './policy/packs.js';
export { policyDigest, policyRails, policySchema, wordingOf, type Policy } from './policy/policy.js';
export { injectionPart, injectionRail, injectionScore, type InjectionScore } from './rails/injection.js';
export { phrasePattern, type PhraseOptions } from './rails/phrase-pattern.js';
export { phraseRail, phrasesRail, type PhraseList } from './rails/phrases.js';
export { regexRail } from './rails/regex.js';
export { ruleRail, type Rule } from './rails/rule-rail.js';
export { secretsPart, secretsRail } from './rails/secrets.js';
export { toxicityPart, toxicityRail } from './rails/toxicity.js';
export { ATTACKS, attackFamilies, rot13, type AttackFamily } from './red-team/attacks.js';
export { isRefusal, wilson, type Interval } from './red-team/measure.js';
export { redTeamStage } from './red-team/red-team-stage.js';
export { REQUESTS } from './red-team/requests.js';
export { scan, type Accept, type Scanned } from './pattern/scan.js';
export { LONGEST, streamPattern, type PatternOptions, type StreamPattern } from './pattern/stream-pattern.js';

/** The plugin: rails as parts, and the stages `rail-classifier` and `red-team`. */
export const guardrails = definePlugin({
  name: '@ingot/guardrails',
  stages: [classifierStage, redTeamStage],
  version: '0.1.0',
  module: import.meta.url,
  parts: [regexRail, phrasesRail, piiPart, secretsPart, toxicityPart, injectionPart, classifierPart],
});
export default guardrails;
