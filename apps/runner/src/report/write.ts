// Writes a run's report beside its record.
import { join } from 'node:path';
import { writeWhole } from '../runs/folder.js';
import type { RunLog } from '../runs/record.js';
import { reportPage } from './page.js';

/** Writes report.html into the run's folder and gives its path, or tells `onTrouble` why the disk refused. */
export const writeReport = (log: RunLog, folder: string, onTrouble: (error: Error) => void): string | undefined => {
  const path = join(folder, 'report.html');
  try {
    writeWhole(path, reportPage(log));
    return path;
  } catch (error) {
    onTrouble(error as Error);
    return undefined;
  }
};
