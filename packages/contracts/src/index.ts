// Kinds, roles, part roles and tokens of the language-model world, each with its fake.
export type * from './values.js';
export * from './kinds.js';
export * from './roles.js';
export * from './tokens.js';
export type * from './evaluator.js';
export type * from './live-model.js';
export * from './family.js';
export * from './parts.js';
export * from './rails.js';
export { idWidth } from './codecs/tokens.js';
export { openJudge } from './open-judge.js';
export { openReward } from './open-reward.js';
export { referencesOf } from './references.js';
export {
  gateNote,
  knownModel,
  servable,
  type Allowance,
  type KnownModel,
  type LineageStep,
  type ServableModel,
} from './servable.js';
export { loadParameters, modelOf } from './load-parameters.js';
export { loadWeights, type LoadedWeights } from './load-weights.js';
export type { PackedPart, Packing } from './packing/packing.js';
export { openPacked, packings, type PackingScheme, weightBytes } from './packing/packings.js';
export {
  device,
  deviceNote,
  installedCandidates,
  referenceCandidate,
  wantedDevice,
  wantedThreads,
} from './device-plugin.js';
export { openDevice, surveyDevices, type DeviceReport, type OpenedDevice } from './device-survey.js';
export { checkTaskNames, type MeasuredTask, measureAll, measureOf, measureValue, runTasks } from './measure.js';
export { wilson, type Share } from './wilson.js';
