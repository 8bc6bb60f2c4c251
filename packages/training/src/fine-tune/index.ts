// The loop of tuning stages and its parts.
export {
  fineTune,
  type Evaluated,
  type Measured,
  type Objective,
  type Prepared,
  type TuneContext,
  type Tuned,
} from './fine-tune.js';
export { fineTuneOptions, fineTuneView, stepsOf, type FineTuneOptions, type FineTuneView } from './options.js';
export { rowOrder } from './row-order.js';
export { updateStep, type UpdateHow } from './update.js';
export { judgeTripwires, type Tripwire, type TripwireState } from '../watching/tripwires.js';
