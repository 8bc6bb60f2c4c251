// The one list of plugins that the ingot command installs. A recipe may add more by name.
import type { Plugin } from '@ingot/core';
import { data } from '@ingot/data';
import { gpt } from '@ingot/model-gpt';
import { training } from '@ingot/training';

/** The built-in plugins, fresh for one command. */
export const plugins = (_env: Readonly<Record<string, string | undefined>>): readonly Plugin[] => [data, gpt, training];
