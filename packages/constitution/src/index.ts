// Constitutional AI: principles as data, critiques and revisions by them, AI feedback, judges at endpoints.
import { definePlugin } from '@ingot/core';
import { endpointJudge } from './judge/endpoint.js';
import { aiFeedbackStage } from './prefer/ai-feedback-stage.js';
import { critiqueReviseStage } from './revise/critique-revise-stage.js';

export { openEndpoint, type Endpoint, type EndpointAnswer, type Spent, type Surroundings } from './judge/client.js';
export {
  ENDPOINT_TEMPLATE,
  endpointJudge,
  judgeByEndpoint,
  verdictOf,
  type EndpointJudgeOptions,
} from './judge/endpoint.js';
export { openRecording, requestDigest, type JsonValue, type Recording } from './judge/recorded.js';
export { aiFeedbackStage } from './prefer/ai-feedback-stage.js';
export { questionOf } from './prefer/question.js';
export { softLabel, type Labelled, type LabelHow } from './prefer/soft-label.js';
export { drawn, principlesOf } from './principles/choose.js';
export {
  constitutionDigest,
  constitutionSchema,
  type Constitution,
  type Principle,
} from './principles/constitution.js';
export { constitutionOption, constitutions, type ConstitutionName } from './principles/packs.js';
export { critiqueReviseStage } from './revise/critique-revise-stage.js';
export {
  asMessages,
  finalAnswer,
  reviseBlock,
  type Dropped,
  type Outcome,
  type Placed,
  type Round,
  type Transcript,
} from './revise/revise.js';
export { addOutcome, addVerdict, freshTally, reviseReport, sharedWords, type ReviseTally } from './revise/tally.js';
export { modelSpeaker, type Asked, type Said, type Speaker, type SpeakHow } from './speak/speaker.js';

/** The plugin: `critique-revise`, `ai-feedback`, and the judge `endpoint`. */
export const constitution = definePlugin({
  name: '@ingot/constitution',
  version: '0.1.0',
  module: import.meta.url,
  stages: [critiqueReviseStage, aiFeedbackStage],
  parts: [endpointJudge],
});
export default constitution;
