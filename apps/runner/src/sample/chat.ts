// A conversation with a model through rails: what is written is checked before the model reads it, what the model says while it says it.
import type { Message, SamplerFunction } from '@ingot/contracts';
import { IngotError } from '@ingot/core';
import { generate, type LoadedModel } from '@ingot/decoding';
import { strictest, type Guard, type RailVerdict } from '@ingot/guardrails';
import { encodePrompt, type ChatEncoder } from '@ingot/text';

export interface ChatHow {
  readonly tokens: number;
  readonly samplers: readonly SamplerFunction[];
  readonly seed: number;
  /** Stands before every conversation; '' for none. */
  readonly system: string;
  /** What an answer ends with; '' for nothing. */
  readonly disclaimer: string;
  readonly signal: AbortSignal;
}
export type SidedVerdict = RailVerdict & { readonly side: 'input' | 'output' };
/** One exchange. */
export interface Turn {
  /** What was shown, the refusal included. */
  readonly text: string;
  /** As the model read it: after the rails. */
  readonly prompt: string;
  readonly tokens: number;
  readonly seconds: number;
  /** 'rail': a rail stopped the question or the answer. */
  readonly ended: string;
  readonly verdicts: readonly SidedVerdict[];
  readonly decision: RailVerdict['decision'];
}

/** The prompt's ids; the oldest exchanges are forgotten until there is room for an answer. A model without a chat format reads the last question as text. */
const idsOf = (encoder: ChatEncoder, system: string, said: Message[], context: number, room: number): number[] => {
  const first = (): readonly Message[] => [...(system ? [{ role: 'system' as const, content: system }] : []), ...said];
  if (!encoder.format) {
    if (said.length > 1)
      throw new IngotError(
        'bad-input',
        'This model has no chat format: it answers one question (--prompt), and cannot be told a conversation.',
      );
    return [...encodePrompt(encoder, said[0]?.content ?? '')];
  }
  for (;;) {
    const ids = [...encodePrompt(encoder, first())];
    if (ids.length + Math.min(room, context / 4) <= context) return ids;
    if (said.length <= 1)
      throw new IngotError(
        'bad-input',
        `The question with its system prompt has ${ids.length} tokens; the model's context is ${context}, and an answer wants room. Ask more briefly, or give a shorter --system ('' for none).`,
      );
    said.splice(0, 2); // a question and its answer
  }
};

/** A conversation: `say` takes what somebody writes, shows the answer piece by piece, and remembers both. */
export const conversation = (model: LoadedModel, encoder: ChatEncoder, guard: Guard, how: ChatHow) => {
  const said: Message[] = [];
  let turns = 0;
  return {
    /** Throws what generation throws, and 'bad-input' for a question that does not fit. */
    async say(text: string, show: (piece: string) => void): Promise<Turn> {
      const turn = turns++;
      const asked = await guard.input(text);
      const verdicts: SidedVerdict[] = asked.verdicts.map((verdict) => ({ ...verdict, side: 'input' }));
      if (asked.stopped) {
        show(asked.text);
        return {
          text: asked.text,
          prompt: '',
          tokens: 0,
          seconds: 0,
          ended: 'rail',
          verdicts,
          decision: asked.decision,
        };
      }
      said.push({ role: 'user', content: asked.text });
      const ids = idsOf(encoder, how.system, said, model.design.context, how.tokens);
      const answer = guard.output();
      let shown = '';
      const tell = (piece: string): void => {
        shown += piece;
        if (piece) show(piece);
      };
      let taken = 0;
      let tokens = 0;
      let ended = 'length';
      const began = performance.now();
      for await (const event of generate(model, {
        prompts: [ids],
        sequences: [turn],
        tokens: how.tokens,
        samplers: how.samplers,
        seed: how.seed,
        bytes: (id) => encoder.tokenizer.bytes(id),
        endOfText: encoder.endOfTurn,
        logProbabilities: false,
        signal: how.signal,
      })) {
        const more = event.type === 'token' ? event.text : event.text.slice(taken);
        taken += more.length;
        if (event.type === 'token') tokens++;
        else ended = event.ended;
        tell(await answer.push(more));
        if (answer.stopped) break;
      }
      tell(await answer.end());
      const seconds = (performance.now() - began) / 1000;
      said.push({ role: 'assistant', content: shown });
      if (!answer.stopped && how.disclaimer) tell(`\n\n${how.disclaimer}`);
      verdicts.push(...answer.verdicts.map((verdict) => ({ ...verdict, side: 'output' as const })));
      return {
        text: shown,
        prompt: asked.text,
        tokens,
        seconds,
        ended: answer.stopped ? 'rail' : ended,
        verdicts,
        decision: strictest(verdicts),
      };
    },
  };
};
