// The one list of plugins that the ingot command installs. A recipe may add more by name.
import type { Plugin } from '@ingot/core';
import { device } from '@ingot/contracts';
import { data } from '@ingot/data';
import { gpt } from '@ingot/model-gpt';
import { sampling } from '@ingot/sampling';
import { supervised } from '@ingot/supervised';
import { native } from '@ingot/tensor-native';
import { training } from '@ingot/training';

/** The built-in plugins, fresh for one command. The device is `INGOT_DEVICE`, else the best that can run here. */
export const plugins = (): readonly Plugin[] => [device(), data, gpt, training, supervised, sampling, native];
