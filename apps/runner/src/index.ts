// The runner as a library: the command itself, the list of plugins, and the report page.
export { main } from './main.js';
export { processIo, type Io } from './io.js';
export { EXIT, exitCodeOf, type ExitCode } from './exit-codes.js';
export { plugins } from './plugins.js';
export { device } from '@ingot/contracts';
export {
  createIngot,
  folderStore,
  memoryStore,
  processExecutor,
  type GraphOf,
  type Ref,
  type RunEvent,
} from '@ingot/core';
export { reportPage } from './report/page.js';
export type { RunLog, RunRecord, StageRecord, TimedEvent } from './runs/record.js';
export { mainJob, type MainJobOptions } from './main-job/main-job.js';
