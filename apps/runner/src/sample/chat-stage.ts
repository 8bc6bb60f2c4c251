// The stage behind `ingot sample --chat`: the gate first, then a conversation through rails; made for one command.
import { Device, gateNote, servable, type Allowance, type KnownModel, type ServableModel } from '@ingot/contracts';
import { defineStage, Installed, kind } from '@ingot/core';
import { loadModel, type LoadedModel } from '@ingot/decoding';
import { guardOf, policyDigest, type Policy } from '@ingot/guardrails';
import { chatEncoder } from '@ingot/text';
import * as z from 'zod';
import type { Device as TensorDevice } from '@ingot/tensor';
import { conversation, type Turn } from './chat.js';
import type { OpenRails } from './rails-file.js';
import { samplersOf, samplingOptions } from './samplers.js';

/** What stands around the conversation, recorded with what it gave. */
export interface ChatFrame {
  readonly gate: Pick<ServableModel, 'from' | 'kind' | 'by' | 'stage' | 'because'> & { readonly note: string };
  readonly policy: { readonly name: string; readonly version: number; readonly digest: string };
  readonly rails: readonly string[];
  /** How the conversation is spelt; without one the question is read as it is, and there is no system prompt. */
  readonly chatFormat?: string;
  readonly device: string;
}
/** Who takes part: what is asked, and who is shown and told what. */
export interface ChatSides {
  readonly source: (installed: Installed) => Promise<KnownModel>;
  readonly allowance: Allowance | undefined;
  readonly policy: Policy;
  readonly rails: (services: { readonly installed: Installed; readonly device: TensorDevice }) => Promise<OpenRails>;
  readonly system: string | undefined;
  readonly questions: (signal: AbortSignal) => AsyncIterable<string>;
  /** Once, before the first question is read. */
  readonly opened: (frame: ChatFrame) => void;
  readonly show: (piece: string) => void;
  readonly answered: (turn: Turn, frame: ChatFrame) => void;
}
const Ended = kind<{ readonly turns: number }>()('ingot/chat-ended');

/** A stage that talks until there are no more questions. Throws 'not-aligned' before the weights are loaded. */
export const chatStage = ({ source, allowance, policy, rails, system, ...sides }: ChatSides) =>
  defineStage({
    name: 'chat-once',
    version: 1,
    inputs: {},
    outputs: { ended: Ended },
    options: z.strictObject(samplingOptions),
    needs: { device: Device, installed: Installed },
    volatile: true,
    computes: true,
    // oxlint-disable-next-line require-yield -- what is said is shown at once, and not kept
    async *run({ options: how, services: { device, installed }, signal }) {
      const passed = servable(await source(installed), allowance);
      const { model, from, kind: of, by, stage, because } = passed;
      const opened = await rails({ installed, device });
      let loaded: LoadedModel | undefined;
      try {
        const chosen = opened.rails;
        const { tokenizer, chat } = model.design;
        const encoder = chatEncoder({ tokenizer, ...(chat ? { chat } : {}) });
        const samplers = await samplersOf(installed, how);
        const frame: ChatFrame = {
          gate: {
            from,
            kind: of,
            by,
            note: gateNote(passed),
            ...(stage ? { stage } : {}),
            ...(because ? { because } : {}),
          },
          policy: { name: policy.name, version: policy.version, digest: policyDigest(policy) },
          rails: chosen.map(({ name }) => name),
          ...(chat ? { chatFormat: chat.name } : {}),
          device: device.name,
        };
        loaded = await loadModel({ device, installed, model });
        const { tokens, seed } = how;
        const talk = conversation(loaded, encoder, guardOf(policy, chosen), {
          tokens,
          samplers,
          seed,
          system: system ?? policy.system,
          disclaimer: policy.disclaimer,
          signal,
        });
        sides.opened(frame);
        let turns = 0;
        for await (const question of sides.questions(signal)) {
          if (question.trim() === '') continue;
          sides.answered(await talk.say(question, sides.show), frame);
          turns++;
        }
        signal.throwIfAborted();
        return { ended: { turns } };
      } finally {
        loaded?.dispose();
        opened.dispose();
      }
    },
  });
