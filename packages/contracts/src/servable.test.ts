// The gate, on artifacts that real runs made: aligned, assumed, quantised after, chat, base; by type and by what the manifest records.
import { createIngot, memoryStore, type Plugin, type Store } from '@ingot/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fakeModel, fakePlugins } from './fakes/index.js';
import { AlignedModel, ChatModel, Model } from './kinds.js';
import { gateNote, knownModel, servable, type KnownModel } from './servable.js';

const store: Store = memoryStore();
const keys: Record<string, string> = {};
beforeAll(async () => {
  const ingot = createIngot({ plugins: fakePlugins as readonly Plugin[] });
  const pipeline = ingot.fromRecipe({
    name: 'gate',
    stages: {
      text: { use: 'text', how: { path: 'a' } },
      bpe: { use: 'bpe', from: { text: 'text.text' } },
      pack: { use: 'pack', from: { text: 'text.text', tokenizer: 'bpe.tokenizer' } },
      gpt: { use: 'gpt', from: { tokenizer: 'bpe.tokenizer' } },
      base: { use: 'pretrain', from: { design: 'gpt.design', tokens: 'pack.tokens' } },
      chat: { use: 'assume-chat', from: { model: 'base.model' }, how: { because: 'a test' } },
      pairs: { use: 'preferences', how: { path: 'p' } },
      dpo: { use: 'dpo', from: { model: 'chat.model', feedback: 'pairs.feedback' } },
      small: { use: 'int8', from: { model: 'dpo.model' } },
      assumed: { use: 'assume-aligned', from: { model: 'chat.model' }, how: { because: 'the seller said so' } },
      'assumed-small': { use: 'int8', from: { model: 'assumed.model' } },
    },
    outputs: { a: 'small.model', b: 'assumed-small.model' },
  });
  for (const { id, key } of await pipeline.plan({ store })) keys[id] = key;
  await pipeline.run({ store }).result();
  await ingot.dispose();
});
const gate = async (id: string, because?: string) =>
  servable(await knownModel(store, keys[id]!), because === undefined ? undefined : { because });

describe('what passes', () => {
  it('an aligned model, and what a quantiser made of it; the stage is told', async () => {
    expect(await gate('dpo')).toMatchObject({ by: 'aligned', stage: 'dpo', kind: AlignedModel.name });
    expect(await gate('small')).toMatchObject({ by: 'aligned', stage: 'dpo' });
    expect(gateNote(await gate('small'))).toMatch(/^artifact [0-9a-f]{12}\.model: aligned by 'dpo'$/);
  });
  it('a model that was assumed to be aligned, with the reason, also after a quantiser', async () => {
    expect(await gate('assumed')).toMatchObject({ by: 'assumed', because: 'the seller said so' });
    expect(gateNote(await gate('assumed-small'))).toContain('assumed to be aligned: the seller said so');
  });
  it('any model for which somebody answers', async () => {
    const allowed = await gate('base', ' I only look ');
    expect(allowed).toMatchObject({ by: 'allowed', because: 'I only look', kind: Model.name });
    expect(gateNote(allowed)).toContain('NOT aligned, allowed all the same: I only look');
    // a reason that is not needed does not make an aligned model less
    expect(await gate('dpo', 'whatever')).toMatchObject({ by: 'aligned' });
  });
});

describe('what is refused', () => {
  it('a base model and a chat model, an empty reason, with what to do', async () => {
    for (const [id, what] of [
      ['base', 'a base model'],
      ['chat', 'was not aligned'],
    ] as const) {
      await expect(gate(id)).rejects.toMatchObject({ code: 'not-aligned', message: expect.stringContaining(what) });
      await expect(gate(id, '  ')).rejects.toMatchObject({
        message: expect.stringContaining("--allow-base '<reason>'"),
      });
    }
  });
  it('by type: one argument wants an aligned model', async () => {
    const folder: KnownModel = { value: fakeModel(), kind: Model, from: 'folder x', lineage: [] };
    // @ts-expect-error a base model is not served
    expect(() => servable(folder)).toThrow(/folder x is a base model, or one whose lineage is not recorded/);
    const chat: KnownModel<typeof ChatModel> = { ...folder, kind: ChatModel };
    // @ts-expect-error a chat model is not aligned yet
    expect(() => servable(chat)).toThrow(/a chat model that was not aligned/);
    expect(servable(await knownModel(store, keys['dpo']!, 'model', AlignedModel)).by).toBe('aligned');
    await expect(knownModel(store, keys['chat']!, 'model', AlignedModel)).rejects.toMatchObject({ code: 'bad-kind' });
  });
  it('what is no model', async () => {
    await expect(knownModel(store, keys['bpe']!, 'tokenizer')).rejects.toMatchObject({ code: 'bad-kind' });
    await expect(knownModel(store, 'feedfeed')).rejects.toMatchObject({ code: 'unknown-name' });
  });
});
