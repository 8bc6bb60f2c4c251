// Where a Chromium is on this machine, and how it is started without a screen.
import { existsSync } from 'node:fs';

/** Debian's Chromium or Google's Chrome; undefined where there is none. */
export const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
/** What a test's name says where it is skipped. */
export const why = executablePath === undefined ? ' (skipped: no Chromium here, apt-get install chromium)' : '';
/** For root in a container, without a GPU and without calls home. */
export const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
