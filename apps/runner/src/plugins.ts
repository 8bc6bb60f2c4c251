// The one list of plugins that the ingot command installs. A recipe may add more by name.
import { device, wantedThreads } from '@ingot/contracts';
import { alignDpo } from '@ingot/align-dpo';
import { alignRlhf } from '@ingot/align-rlhf';
import { constitution } from '@ingot/constitution';
import { data } from '@ingot/data';
import { evaluation } from '@ingot/eval';
import { feedback } from '@ingot/feedback';
import { guardrails } from '@ingot/guardrails';
import { gpt } from '@ingot/model-gpt';
import { quant } from '@ingot/quant';
import { sampling } from '@ingot/sampling';
import { supervised } from '@ingot/supervised';
import { native } from '@ingot/tensor-native';
import { tfjs } from '@ingot/tensor-tfjs';
import { training } from '@ingot/training';

const deviceOf = (env: Readonly<Record<string, string | undefined>>) => {
  const threads = wantedThreads(undefined, env);
  return device(env['INGOT_DEVICE'] || 'auto', threads === undefined ? {} : { threads });
};

/** The built-in plugins, typed one by one, so that `createIngot({ plugins: plugins() })` completes what is installed. The device is `INGOT_DEVICE`, else the best that can run here. */
export const plugins = (env: Readonly<Record<string, string | undefined>> = process.env) =>
  [
    deviceOf(env),
    data,
    gpt,
    training,
    supervised,
    alignDpo,
    alignRlhf,
    sampling,
    evaluation,
    feedback,
    constitution,
    guardrails,
    quant,
    native,
    tfjs,
  ] as const;
