// The one list of plugins that the ingot command installs. A recipe may add more by name.
import type { Plugin } from '@ingot/core';

/** The built-in plugins, fresh for one command. */
export const plugins = (_env: Readonly<Record<string, string | undefined>>): readonly Plugin[] => [];
