// Generation: sequences of different lengths share one cache; each call of the model feeds those with equally many new ids.
import { KeyValueCache, noGrad, scope } from '@ingot/tensor';
import { drawNumber, drawToken } from './draw.js';
import { DrawnHidden } from './drawn-hidden.js';
import { groups } from './groups.js';
import type { OpenModel } from './open-model.js';
import { checkRequest, type GenerateOptions, type Request } from './options.js';
import { pacer } from './pacer.js';
import { type Generated, type GenerationEvent, Sequence } from './sequence.js';
import { firstAlike, sharePrompts } from './share-prompts.js';
import { feed, rowLogProbabilities } from './step.js';

/** What a sequence's slot holds: keys and values, and where something is read at its end, the hidden states of its answer. */
interface Past {
  readonly cache: KeyValueCache;
  readonly kept: DrawnHidden | undefined;
}
interface Drawn {
  readonly sequence: Sequence;
  readonly token: number;
  readonly logProbability: number | undefined;
}

/** Feeds the next `length` pending ids of each member. */
function feedMembers(model: OpenModel, cache: KeyValueCache, length: number, members: readonly Sequence[]) {
  const hidden = feed(
    model,
    cache,
    members.map(({ slot }) => slot),
    members.map(({ pending }) => pending.slice(0, length)),
  );
  for (const sequence of members) {
    sequence.held += length;
    sequence.pending = sequence.pending.slice(length);
  }
  return hidden; // (B, C)
}

/** Feeds the members and draws one token for each, after the samplers. */
function feedAndDraw(model: OpenModel, request: Request, { cache, kept }: Past, members: readonly Sequence[]): Drawn[] {
  return noGrad(() =>
    scope(() => {
      const hidden = feedMembers(model, cache, 1, members);
      const logits = model.weights.logits(model.family.head(model.design), hidden); // (B, V)
      const width = logits.size / members.length;
      const { vocabSize } = model.design.tokenizer; // the table may have more rows than there are tokens
      const tokens = members.map((sequence, row) => {
        kept?.keep(hidden, row, sequence.slot, sequence.ids.length - sequence.promptLength);
        const step = { history: sequence.ids, promptLength: sequence.promptLength };
        // A row at a time: the host never holds the whole batch of them.
        const read = model.device.download(logits.storage, row * width, width);
        const own = (read instanceof Float32Array ? read : Float32Array.from(read)).fill(-Infinity, vocabSize);
        const sampled = request.samplers.reduce<Float32Array>((one, sampler) => sampler(one, step), own);
        return drawToken(
          sampled,
          drawNumber(request.seed, sequence.number, sequence.ids.length),
          `The draw of token ${sequence.ids.length} of prompt ${sequence.prompt}`,
        );
      });
      const logProbabilities =
        request.logProbabilities === true ? rowLogProbabilities(model, hidden, tokens) : undefined;
      return members.map((sequence, row) => ({
        sequence,
        token: tokens[row] ?? 0,
        logProbability: logProbabilities?.[row],
      }));
    }),
  );
}

/**
 * Generates, token by token, synchronously. Events of one sequence come in order, its `end` last; sequences interleave.
 * A sequence's tokens depend on its prompt, `seed`, its number and the options, and on a row-invariant device on nothing else.
 * Throws `bad-options` at the first `next` for a bad request, and `bad-numbers` where no token can be drawn.
 */
export function* generateSync(model: OpenModel, options: GenerateOptions): Generator<GenerationEvent, void, void> {
  const request = checkRequest(model, options);
  if (request.prompts.length === 0) return;
  const { context } = model.design;
  const longest = request.prompts.reduce((most, prompt) => Math.max(most, prompt.length), 0);
  const slots = Math.min(request.batch, request.prompts.length);
  const { layers, width } = model.family.cache(model.design);
  const capacity = Math.min(context, longest + request.tokens);
  // A family without attention keeps no past; its cache still counts positions.
  const cache = KeyValueCache.create(model.device, {
    layers: Math.max(1, layers),
    slots,
    capacity,
    width: Math.max(1, width),
  });
  const asked = { logProbabilities: request.logProbabilities === 'at-end', value: request.value };
  const kept =
    asked.logProbabilities || asked.value !== undefined
      ? new DrawnHidden(
          model,
          slots,
          request.atContextEnd === 'stop' ? Math.min(request.tokens, context) : request.tokens,
        )
      : undefined;
  const alike = firstAlike(request.prompts);
  const free = Array.from({ length: slots }, (_, i) => slots - 1 - i);
  let active: Sequence[] = [];
  let next = 0;
  try {
    while (next < request.prompts.length || active.length > 0) {
      while (next < request.prompts.length) {
        const slot = free.pop();
        if (slot === undefined) break;
        cache.reset(slot);
        active.push(new Sequence(request, next++, slot, context));
      }
      for (const { length, completes, members } of groups(sharePrompts(active, cache, alike), request.prefill)) {
        request.signal?.throwIfAborted();
        if (!completes) {
          noGrad(() =>
            scope(() => {
              feedMembers(model, cache, length, members);
            }),
          );
          continue;
        }
        for (const { sequence, token, logProbability } of feedAndDraw(model, request, { cache, kept }, members)) {
          const { event, ended } = sequence.take(token, logProbability, request, context);
          yield event;
          if (ended) {
            active = active.filter((one) => one !== sequence);
            free.push(sequence.slot);
            yield sequence.finish(ended, kept?.read(sequence.slot, sequence.drawn, asked) ?? {});
          } else if (sequence.held < context) {
            sequence.pending = [token];
          } else {
            cache.reset(sequence.slot);
            sequence.held = 0;
            sequence.slid = true;
            sequence.pending = sequence.ids.slice(-request.keep);
          }
        }
      }
    }
  } finally {
    cache.dispose();
    kept?.dispose();
  }
}

/** As `generateSync`, letting timers and I/O run in between. Leaving the loop early frees the cache. */
export async function* generate(
  model: OpenModel,
  options: GenerateOptions,
): AsyncGenerator<GenerationEvent, void, void> {
  const breathe = pacer();
  for (const event of generateSync(model, options)) {
    yield event;
    await breathe();
  }
}

/** All sequences, finished, in the order of their prompts. */
export function generateAll(model: OpenModel, options: GenerateOptions): Generated[] {
  const done: Generated[] = [];
  for (const event of generateSync(model, options)) {
    if (event.type !== 'end') continue;
    const { type: _, ...generated } = event;
    done.push(generated);
  }
  return done.sort((a, b) => a.prompt - b.prompt);
}
